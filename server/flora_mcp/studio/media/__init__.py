"""The files of runs and assets: in a folder, or in a bucket of an S3-compatible store."""

from flora_mcp.studio.media.folder import FolderMedia
from flora_mcp.studio.media.place import MEDIA, open_media
from flora_mcp.studio.media.store import MediaFile, MediaStore

__all__ = ["MEDIA", "FolderMedia", "MediaFile", "MediaStore", "open_media"]
