"""Why a whole file is refused; single rows are never refused here but by the room they are for."""

from huitou.kit.errors import HuitouError, Kind
from huitou.kit.text import gettext_noop as _


class FileUnreadable(HuitouError):
    """The base of every refusal of a file as a whole."""

    kind = Kind.INVALID
    code = "files.unreadable"
    message = _("The file cannot be read: {reason}.")


class FileMissing(FileUnreadable):
    """There is no such file, or it is a folder."""

    kind = Kind.MISSING
    code = "files.missing"
    message = _("There is no file {name}.")


class EmptyFile(FileUnreadable):
    """Nothing but blanks."""

    code = "files.empty"
    message = _("The file is empty.")


class HeaderOnly(FileUnreadable):
    """A header and no row under it."""

    code = "files.header_only"
    message = _("The file has a header but no rows.")


class BinaryFile(FileUnreadable):
    """Neither text nor a table format we know."""

    code = "files.binary"
    message = _("This is not a table: use CSV, TSV, XLSX, XLS, Parquet or gzipped text.")


class NulBytes(FileUnreadable):
    """Text with NUL bytes in it: a damaged file or an unmarked UTF-16."""

    code = "files.nul_bytes"
    message = _("Line {line} has NUL bytes; the file is damaged or not saved as text.")


class UnknownEncoding(FileUnreadable):
    """Bytes that fit none of the encodings we recognise."""

    code = "files.encoding"
    message = _("Line {line} is not valid {encoding}; save the file as UTF-8 or name its encoding.")


class MixedEncodings(FileUnreadable):
    """Some lines are UTF-8, some are not."""

    code = "files.mixed_encodings"
    message = _("Line {line} is written in another encoding than the rest ({encoding}).")


class LineTooLong(FileUnreadable):
    """One physical line or one quoted record beyond the limit."""

    code = "files.line_too_long"
    message = _(
        "The record at line {line} is over {limit_bytes} bytes; a line end or quote is missing."
    )


class TooLargeExpanded(FileUnreadable):
    """An archive that unpacks to more than we are willing to read."""

    code = "files.too_large_expanded"
    message = _(
        "The file unpacks to over {limit_bytes} bytes or over {limit_ratio} times its size."
    )


class DamagedFile(FileUnreadable):
    """An archive, workbook or Parquet file that breaks off or does not check."""

    code = "files.damaged"
    message = _("The file is damaged or incomplete.")


class LockedFile(FileUnreadable):
    """A workbook that asks for a password."""

    code = "files.locked"
    message = _("The workbook is locked with a password; save it without one.")


class DuplicateHeader(FileUnreadable):
    """Two columns of one name."""

    code = "files.duplicate_header"
    message = _("The column {column} is there twice.")


class ColumnMissing(FileUnreadable):
    """A column that must be there is not, or the mapping names one that is not."""

    code = "files.column_missing"
    message = _("No column was found for {column}.")


class FieldUnknown(FileUnreadable):
    """The mapping asks for a field this kind of file does not have."""

    code = "files.field_unknown"
    message = _("There is no field {field} in {kind}.")


class DateOrderUnclear(FileUnreadable):
    """Dates such as 03/04/2026 and nothing in the column that tells day from month."""

    code = "files.date_order_unclear"
    message = _(
        "In {column}, {example} (line {line}) may be day or month first; choose the date order."
    )


class DecimalMarkUnclear(FileUnreadable):
    """Numbers such as 1,234 and nothing in the file that tells thousands from decimals."""

    code = "files.decimal_mark_unclear"
    message = _(
        "In {column}, {example} (line {line}) may be thousands or decimals; choose the mark."
    )


class DialectWrong(FileUnreadable):
    """An override that cannot be: an unknown encoding, a delimiter of two characters."""

    code = "files.dialect_wrong"
    message = _("{setting} cannot be {given}.")


class PresetUnknown(FileUnreadable):
    """A preset of that name is not there for this kind of file."""

    code = "files.preset_unknown"
    message = _("There is no preset {name}; there are {known}.")


class FormatUnknown(FileUnreadable):
    """An export is asked for under a name that ends in no format we write."""

    code = "files.format_unknown"
    message = _("{name} must end in .csv or .parquet.")
