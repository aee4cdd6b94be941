"""Whose files this server reads."""

import os
from pathlib import Path

from flora_mcp.settings import Settings
from flora_mcp.uploads import Roots, media_folders


def roots_of(settings: Settings, *, alone: bool) -> Roots:
    """Returns the folders whose files may be uploaded.

    Args:
        settings: Name them; by default they are the user's folders of media.
        alone: The server serves the one user of this machine. Others have no files here: then there are no folders,
            whatever the settings say.
    """
    if not alone:
        return Roots(())
    folders = settings.upload_roots
    if folders is None:
        folders = media_folders(home=Path(os.path.expanduser("~")), started_in=Path.cwd())
    own = [settings.data_directory / "outputs" / "blobs"]
    if settings.output_directory is not None:
        own.append(settings.output_directory)
    return Roots(folders, own=own)
