"""Files that are not overwritten by mistake, and folders that are marked as unfinished."""
