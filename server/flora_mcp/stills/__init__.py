"""Still pictures of media that move or sound: a frame of a video, the shape of a sound. Needs the extra `media`."""

from flora_mcp.stills.errors import MediaExtraMissingError, StillError, UnreadableMediaError
from flora_mcp.stills.stills import Poster, Stills, Waveform

__all__ = ["MediaExtraMissingError", "Poster", "StillError", "Stills", "UnreadableMediaError", "Waveform"]
