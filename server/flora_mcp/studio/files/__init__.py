"""What a file is, by its bytes. `inspection` looks at pictures, and loads Pillow."""

from flora_mcp.studio.files.kinds import KINDS, Kind, Modality, identify

__all__ = ["KINDS", "Kind", "Modality", "identify"]
