"""English sentences on pages that run from right to left."""

from tipline.languages.catalogue import no_translations
from tipline.languages.language import Direction, Language
from tipline.languages.site_languages import SiteLanguages, SpokenLanguage


def right_to_left() -> SiteLanguages:
    """A site that speaks nothing else."""
    language = Language("en", "English", "en", Direction.RIGHT_TO_LEFT)
    return SiteLanguages([SpokenLanguage(language, no_translations())])
