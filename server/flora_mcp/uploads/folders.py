"""Where users keep the files that they would upload."""

from collections.abc import Iterable
from pathlib import Path

import platformdirs


def media_folders(*, home: Path, started_in: Path) -> tuple[Path, ...]:
    """Returns the user's folders of media, and the folder that the server was started in if it is a project's.

    None of them holds the whole home: on some systems a folder that was switched off is the home itself.
    """
    dirs = platformdirs
    named: Iterable[Path] = (
        started_in,
        dirs.user_pictures_path(),
        dirs.user_videos_path(),
        dirs.user_music_path(),
        dirs.user_downloads_path(),
        dirs.user_desktop_path(),
        dirs.user_documents_path(),
    )
    wide = {home, *home.parents}
    return tuple(
        dict.fromkeys(path for path in (each.resolve() for each in named) if path not in wide and path.is_dir())
    )
