"""Lists for platforms, as they go out and as they come back."""

import csv
import io

import pytest

from huitou.connectors.file_channel import FileChannel, errors
from huitou.platform.messages.types import BadRow, Report, Surroundings
from huitou.testing.channels import ListContract, ReportingContract, message

HOUSE = Surroundings(
    "山野咖啡", "https://shop.example", signature="山野咖啡", send_between="08:00-21:00"
)


def rows(*messages):
    out = io.BytesIO()
    FileChannel(HOUSE).write(messages, out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"))))


def test_a_line_holds_what_a_platform_needs_and_no_more():
    (row,) = rows(message(1, channel="sms", address="+8613800000001"))
    assert row == {
        "message_id": "msg_01K9ZQ3S9Q7ZH4K001",
        "phone": "13800000001",
        "text": "【山野咖啡】新茶到了，周末来尝。拒收请回复R",
        "parts": "1",
        "send_between": "08:00-21:00",
    }


def test_a_number_abroad_is_dialled_with_two_noughts():
    (row,) = rows(message(1, channel="sms", address="+442079460000"))
    assert row["phone"] == "00442079460000"


def test_service_may_be_sent_at_any_hour():
    (row,) = rows(message(1, channel="sms", address="+8613800000001", purpose="service"))
    assert (row["send_between"], row["text"]) == ("", "【山野咖啡】新茶到了，周末来尝。")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("message_id,status\nmsg_1,sent\n", "utf-8"),
        ("消息编号,状态\nmsg_1,发送成功\n", "gb18030"),
        ("手机号;状态\n13800000001;成功\n", "utf-8-sig"),
        ("mobile\tresult\treason\r\n13800000001\tDELIVRD\t0\r\n", "utf-16"),
    ],
)
def test_what_platforms_give_back_is_read_as_they_write_it(tmp_path, text, encoding):
    path = tmp_path / "back.csv"
    path.write_bytes(text.encode(encoding))
    (one,) = FileChannel(HOUSE).reports(path)
    assert one.outcome == "sent"
    assert one.ref == "msg_1" or one.address == "13800000001"


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("空号", "bounced"),
        ("停机", "failed"),
        ("黑名单", "refused"),
        ("退订", "unsubscribed"),
        ("TD", "unsubscribed"),
        ("failed", "failed"),
    ],
)
def test_words_of_platforms_are_known(tmp_path, word, outcome):
    path = tmp_path / "back.csv"
    path.write_text(f"phone,status\n13800000001,{word}\n")
    assert [one.outcome for one in FileChannel(HOUSE).reports(path)] == [outcome]


def test_a_row_without_a_status_says_nothing_yet(tmp_path):
    path = tmp_path / "back.csv"
    path.write_text("phone,status\n13800000001,\n13800000002,成功\n")
    assert [one.line for one in FileChannel(HOUSE).reports(path)] == [3]


def test_rows_that_say_nothing_we_know_are_listed_with_line_and_field(tmp_path):
    path = tmp_path / "back.csv"
    path.write_text("message_id,phone,status\n,13800000001,maybe\n,,sent\n,13800000002,sent\n")
    assert list(FileChannel(HOUSE).reports(path)) == [
        BadRow(2, "status", "maybe", "status_unknown"),
        BadRow(3, "message_id", "", "names_nothing"),
        Report(4, "sent", address="13800000002"),
    ]


@pytest.mark.parametrize("head", ["phone,name", "status,name", "phone"])
def test_a_file_without_its_columns_is_refused(tmp_path, head):
    path = tmp_path / "back.csv"
    path.write_text(f"{head}\n1,2\n")
    with pytest.raises(errors.ColumnsMissing):
        list(FileChannel(HOUSE).reports(path))


def test_a_workbook_that_took_numbers_for_numbers_is_read(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["手机号", "状态"])
    book.active.append([13800000001, "成功"])
    book.save(tmp_path / "back.xlsx")
    (one,) = FileChannel(HOUSE).reports(tmp_path / "back.xlsx")
    assert one.address == "13800000001"


class TestListsOfSms(ListContract):
    def made(self):
        return FileChannel(HOUSE)

    def objectionable(self):
        from dataclasses import replace

        one = message(9, channel="sms", address="+8613800000001")
        return replace(one, text="【别家】来吧")


class TestReportsOfPlatforms(ReportingContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.folder = tmp_path

    def reader(self):
        return FileChannel(HOUSE)

    def files(self):
        path = self.folder / "back.csv"
        path.write_text("phone,status,reason\n13800000001,失败,张三拒收\n13800000002,退订,TD\n")
        return [(path, 2)]
