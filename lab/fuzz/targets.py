"""Every parser of bytes from outside, as the fuzzer runs it, by name. Vectors are the first inputs."""

from lab.fuzz import (
    bundle_targets,
    container_targets,
    document_targets,
    envelope_targets,
    form_targets,
    kept_targets,
    questionnaire_targets,
    sealed_file_targets,
    typed_targets,
)

_FORMATS = (
    envelope_targets,
    container_targets,
    document_targets,
    typed_targets,
    bundle_targets,
    form_targets,
    kept_targets,
    questionnaire_targets,
    sealed_file_targets,
)
TARGETS = {target.name: target for each in _FORMATS for target in each.targets()}
