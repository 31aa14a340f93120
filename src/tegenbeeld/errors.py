"""
Every error that this package raises on purpose.

    TegenbeeldError
    ├── InvalidHash            text or bytes that are no hash
    ├── ShapeError             an array of the wrong shape or dtype
    ├── MediaError             a file that cannot be hashed
    │   ├── UnreadableFile      missing, a folder, or without permission to read
    │   ├── EmptyFile
    │   ├── NotAPicture
    │   ├── DamagedPicture
    │   ├── PictureTooLarge
    │   ├── PictureTooSmall
    │   ├── PictureTooPoor     too little detail for a hash that means something
    │   ├── NotAVideo          of no kind that is read here, without pictures, or a still one
    │   ├── DamagedVideo       no frame of it can be read
    │   ├── LockedVideo        copy-protected
    │   ├── VideoTooLarge      more bytes or pixels than the limit, or too few
    │   ├── VideoTooPoor       no frame with enough detail
    │   ├── VideoSupportMissing
    │   ├── DecoderCrashed     the file broke the decoder
    │   ├── DecoderTooSlow     the file took more time than any may
    │   └── DecoderOutOfMemory the file took more memory than any may
    ├── SandboxError           files cannot be looked at now, whatever is in them
    │   ├── SandboxBusy        too many wait already
    │   └── SandboxUnavailable closed, or its processes cannot be started
    ├── WireError              bytes from the other side that break the contract
    ├── CaseworkError          a move that the rules forbid
    │   ├── TokenTaken
    │   └── NodeNotEmpty
    ├── ExchangeError          the kit could not talk to the node
    │   ├── NotAuthorised
    │   └── NodeUnavailable
    ├── StoreError             the kit's local store
    ├── HashIndexError         the index of hashes, or the folder it lies in
    │   ├── IndexDamaged
    │   └── IndexLocked
    ├── NotReady               a node that has not been set up
    ├── BadSetting             a setting of the operator that makes no sense
    └── RequestRefused         an HTTP request that the node does not carry out

The message of each says what is wrong and what to do about it; it is safe to show.
"""


class TegenbeeldError(Exception):
    """
    Root of the tree. Never raised itself.
    """

    @property
    def message(self) -> str:
        """
        What is wrong and what to do, in one or two sentences.
        """
        return str(self)


class InvalidHash(TegenbeeldError, ValueError):
    """
    Not 64 lower-case hexadecimal digits, or not 32 bytes.
    """


class ShapeError(TegenbeeldError, ValueError):
    """
    An array whose shape or dtype is not the one that the docstring asks for.
    """


class MediaError(TegenbeeldError):
    """
    A file that cannot be hashed.
    """


class UnreadableFile(MediaError):
    """
    There is no file at the path, it is a folder, or it may not be read.
    """


class EmptyFile(MediaError):
    """
    The file holds no bytes.
    """


class NotAPicture(MediaError):
    """
    The bytes are of no picture format that is read here.
    """


class DamagedPicture(MediaError):
    """
    A known format whose bytes are cut off or broken.
    """


class PictureTooLarge(MediaError):
    """
    More bytes or more pixels than the limit.
    """


class PictureTooSmall(MediaError):
    """
    A side shorter than PDQ can work with.
    """


class PictureTooPoor(MediaError):
    """
    Too little detail: a hash of it would match pictures that are not alike.
    """


class NotAVideo(MediaError):
    """
    The bytes are of no kind of video that is read here, hold no moving pictures, or one still one.
    """


class DamagedVideo(MediaError):
    """
    A known kind of video of which no frame can be read.
    """


class LockedVideo(MediaError):
    """
    A video that is encrypted against copying.
    """


class VideoTooLarge(MediaError):
    """
    More bytes, or more pixels in a frame, than the limit; or too few pixels.
    """


class VideoTooPoor(MediaError):
    """
    No frame has enough detail: a hash of it would match videos that are not alike.
    """


class VideoSupportMissing(MediaError):
    """
    The extra `video` is not installed.
    """


class DecoderCrashed(MediaError):
    """
    The file broke the decoder. It was made for that, or found a mistake in it.
    """


class DecoderTooSlow(MediaError):
    """
    The file takes longer than the limit to decode.
    """


class DecoderOutOfMemory(MediaError):
    """
    The file takes more memory than the limit to decode.
    """


class SandboxError(TegenbeeldError):
    """
    The sandbox cannot look at files now; the file is not the cause.
    """


class SandboxBusy(SandboxError):
    """
    More calls wait than are let in. Worth trying again in a moment.
    """


class SandboxUnavailable(SandboxError):
    """
    The sandbox is closed, or its processes cannot be started.
    """


class WireError(TegenbeeldError, ValueError):
    """
    A message that breaks the contract of `spec/exchange.md`.
    """


class CaseworkError(TegenbeeldError):
    """
    A move that the rules forbid.
    """


class TokenTaken(CaseworkError):
    """
    The token digest already protects another hash.
    """


class NodeNotEmpty(CaseworkError):
    """
    Synthetic protections were asked for on a node that holds real ones.
    """


class ExchangeError(TegenbeeldError):
    """
    The kit could not talk to the node.
    """


class NotAuthorised(ExchangeError):
    """
    The node does not take these credentials.
    """


class NodeUnavailable(ExchangeError):
    """
    The node does not answer, or answers that it cannot serve now.
    """


class StoreError(TegenbeeldError):
    """
    The kit's local store is missing, damaged or without credentials.
    """


class HashIndexError(TegenbeeldError):
    """
    The index of hashes cannot do what was asked: its folder is missing, full or read-only.
    """


class IndexDamaged(HashIndexError):
    """
    A file of the index is cut off, changed, missing, or of another version.

    The index holds nothing that the list does not: build it again.
    """


class IndexLocked(HashIndexError):
    """
    Another process has the index open for writing.
    """


class NotReady(TegenbeeldError):
    """
    The node's folder has not been set up, or its key file is missing.
    """


class BadSetting(TegenbeeldError):
    """
    A setting of the operator that makes no sense.
    """


class RequestRefused(TegenbeeldError):
    """
    An HTTP request that the node does not carry out.

    Attributes:
        status: HTTP status code, 4xx.
        code: A short name of the reason, for programs.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
