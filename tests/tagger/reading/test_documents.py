"""Word and PDF documents: their articles, and what is said of those that cannot be read."""

import importlib.util
import io
import zipfile
from pathlib import Path

import pytest

from tagger.article import Article
from tagger.errors import InputError
from tagger.reading import Options, read, read_all
from tests.conftest import Run

RIVER = [
    "Pakistan and India agreed on Tuesday to resume talks over the sharing of the river's water, officials said.",
    "The ministers met in the capital and said that the treaty of 1960 would remain in force while dams are inspected.",
]
RAID = "Soldiers fired on a convoy near the border on Monday, and the army said that five of the attackers were killed."
SMALL = Options(max_article=20_000)
needs_pypdf = pytest.mark.skipif(not importlib.util.find_spec("pypdf"), reason="pypdf is not installed")

STYLES = {"berschrift1": "heading 1", "Titel": "Title", "Standard": "Normal"}
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cp="http://example.org/cp"'


def para(text: str, style: str = "Standard") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def docx(body: str, *, title: str = "", before: str = "") -> bytes:
    styles = "".join(f'<w:style w:styleId="{key}"><w:name w:val="{name}"/></w:style>' for key, name in STYLES.items())
    parts = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"{before}<w:document {WORD}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {WORD}>{styles}</w:styles>",
        "docProps/core.xml": f"<cp:coreProperties {CORE}><dc:title>{title}</dc:title></cp:coreProperties>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def pdf(*pages: list[str], count: int | None = None) -> bytes:
    """Return a document of one font whose pages have these lines."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        shown = "".join(f"({line.replace('(', '[').replace(')', ']')}) Tj T* " for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 50 780 Td {shown} ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        font = "/Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {font} /MediaBox [0 0 600 800] /Contents {len(objects)} 0 R >>")
        kids.append(f"{len(objects)} 0 R")
    kids *= count or 1
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def items(folder: Path, data: bytes, name: str, options: Options = SMALL) -> list[Article | InputError]:
    (folder / name).write_bytes(data)
    return list(read(str(folder / name), options))


def articles(folder: Path, data: bytes, name: str) -> list[tuple[str, list[str]]]:
    found = items(folder, data, name)
    assert not [str(item) for item in found if isinstance(item, InputError)]
    return [(item.title, item.body.split("\n\n")) for item in found if isinstance(item, Article)]


def test_a_word_document_is_an_article_under_its_first_heading_whatever_the_language_of_its_styles(
    tmp_path: Path,
) -> None:
    body = para("The Daily") + para("River talks", "berschrift1") + para(RIVER[0]) + para("Dams", "berschrift1")
    data = docx(body + para(RIVER[1]), title="Document1")
    assert articles(tmp_path, data, "a.docx") == [("River talks", ["The Daily", RIVER[0], "Dams", RIVER[1]])]


def test_without_a_heading_the_title_is_the_document_s_property(tmp_path: Path) -> None:
    assert articles(tmp_path, docx(para(RAID), title="Border raid"), "a.docx") == [("Border raid", [RAID])]


def test_several_titles_part_a_word_document(tmp_path: Path) -> None:
    body = para("River talks", "Titel") + para(RIVER[0]) + para("Border raid", "Titel") + para(RAID)
    assert articles(tmp_path, docx(body), "a.docx") == [("River talks", [RIVER[0]]), ("Border raid", [RAID])]


@pytest.mark.parametrize(
    "body",
    [
        f"<w:p><w:ins><w:r><w:t>{RAID}</w:t></w:r></w:ins></w:p>",
        f"<w:sdt><w:sdtContent>{para(RAID)}</w:sdtContent></w:sdt>",
        f"<w:p><w:hyperlink><w:r><w:t>{RAID}</w:t></w:r></w:hyperlink></w:p>",
        f"<w:tbl><w:tr><w:tc>{para(RAID)}</w:tc></w:tr></w:tbl>",
        f"<w:p><w:r><w:txbxContent>{para(RAID)}</w:txbxContent></w:r></w:p>",
        f"<w:p>{''.join(f'<w:r><w:t>{word}</w:t></w:r><w:r><w:tab/></w:r>' for word in RAID.split())}</w:p>",
    ],
    ids=["tracked insertion", "content control", "link", "table", "text box", "tabs"],
)
def test_all_text_of_a_word_document_is_read(tmp_path: Path, body: str) -> None:
    assert articles(tmp_path, docx(para("Border raid", "Titel") + body), "a.docx") == [("Border raid", [RAID])]


def test_what_was_deleted_from_a_word_document_is_not_read(tmp_path: Path) -> None:
    gone = "<w:p><w:del><w:r><w:delText>hidden words</w:delText></w:r></w:del></w:p>"
    assert articles(tmp_path, docx(para("Border raid", "Titel") + gone + para(RAID)), "a.docx")[0][1] == [RAID]


def test_a_word_document_is_known_by_its_content_and_in_archives(tmp_path: Path) -> None:
    data = docx(para("Border raid", "Titel") + para(RAID))
    assert articles(tmp_path, data, "a.txt") == [("Border raid", [RAID])]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("inner/b.docx", data)
    assert articles(tmp_path, out.getvalue(), "a.zip") == [("Border raid", [RAID])]


def spoilt(data: bytes) -> bytes:
    at = data.index(b"word/document.xml") + 40
    return data[:at] + b"\0" * 20 + data[at + 20 :]


LAUGHS = '<!DOCTYPE d [<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
)
BAD_WORD = {
    "cut": (docx(para(RAID))[:200], "broken"),
    "spoilt": (spoilt(docx(para(RAID))), "a broken Word document"),
    "empty": (docx(""), "holds no text"),
    "not xml": (docx("<w:p>"), "a broken Word document"),
    "entities": (docx(para("&j;"), before=LAUGHS + "]>"), "a broken Word document"),
    "foreign": (
        docx(para("&x;"), before='<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        "entities of its own",
    ),
    "long": (docx(para(RAID) * 2000), "larger than 0.02 MB"),
    "bomb": (docx(" " * 5_000_000), "larger than 0.02 MB"),
    "deep": (docx("<w:sdt>" * 1000), "a broken Word document"),
}


@pytest.mark.parametrize(("data", "message"), BAD_WORD.values(), ids=BAD_WORD)
def test_a_bad_word_document_is_one_error(tmp_path: Path, data: bytes, message: str) -> None:
    (error,) = items(tmp_path, data, "a.docx")
    assert isinstance(error, InputError)
    assert message in str(error)
    assert str(error).startswith(str(tmp_path / "a.docx"))


@pytest.mark.parametrize("name", ["[Content_Types].xml", "mimetype"])
def test_other_office_documents_are_named(tmp_path: Path, name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
        archive.writestr("content.xml", "<x/>")
    (error,) = items(tmp_path, out.getvalue(), "a.zip")
    assert "an Office document" in str(error)
    assert "Save it as" in str(error)


def test_a_folder_s_documents_that_cannot_be_read_are_named_not_passed_over(tmp_path: Path) -> None:
    for name, data in {"a.doc": b"\xd0\xcf\x11\xe0", "b.rtf": rb"{\rtf1 text}", "c.docx": docx(para(RAID))}.items():
        (tmp_path / name).write_bytes(data)
    old, rich, article = read_all([str(tmp_path)])
    assert "a.doc: an old or encrypted Office document" in str(old)
    assert "b.rtf: an RTF document" in str(rich)
    assert isinstance(article, Article)


LINES = [
    "River talks resume",
    "Pakistan and India agreed on Tuesday to resume talks over the sha-",
    "ring of the river water, officials said. The ministers met in the",
    "capital and said that the treaty of 1960 would remain in force.",
    "Farmers in the province have complained that the canals ran dry in",
    "the spring, and relief was promised to them.",
]


@needs_pypdf
def test_a_pdf_s_lines_are_joined_into_paragraphs(tmp_path: Path) -> None:
    for name in ("a.pdf", "a.txt", "a"):
        ((title, body),) = articles(tmp_path, pdf(LINES), name)
        assert title == LINES[0]
        assert body == [
            " ".join(LINES[1:4]).replace("sha- ring", "sharing"),
            " ".join(LINES[4:]),
        ]


@needs_pypdf
def test_headers_footers_and_page_numbers_of_a_pdf_are_left_out(tmp_path: Path) -> None:
    pages = [["The Weekly Ledger, No. 12", *LINES[n : n + 2], f"Page {n}"] for n in range(4)]
    text = str(articles(tmp_path, pdf(*pages), "a.pdf"))
    assert "Ledger" not in text
    assert "Page" not in text
    assert "the treaty of 1960" in text


@needs_pypdf
def test_an_encrypted_pdf_is_read_if_everybody_may_else_named(tmp_path: Path) -> None:
    import pypdf

    for password in ("", "secret"):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(LINES)))
        writer.encrypt(password, "owner", algorithm="RC4-128")
        out = io.BytesIO()
        writer.write(out)
        (item,) = items(tmp_path, out.getvalue(), "a.pdf")
        if password:
            assert "an encrypted PDF document" in str(item)
        else:
            assert isinstance(item, Article)


@needs_pypdf
def test_a_pdf_with_a_broken_table_of_its_objects_is_read_all_the_same(tmp_path: Path) -> None:
    for broken in (pdf(LINES).replace(b"startxref\n", b"startxref\n9"), pdf(LINES).replace(b"\n00000", b"\n00009")):
        ((title, _),) = articles(tmp_path, broken, "a.pdf")
        assert title == LINES[0]


BAD_PDF = {
    "head": (b"%PDF-1.7\n", "a PDF document that cannot be read"),
    "rubbish": (b"%PDF-1.7\n" + bytes(range(256)) * 20, "a PDF document that cannot be read"),
    "cut": (pdf(LINES).partition(b"xref\n")[0], "a PDF document that cannot be read"),
    "pictures": (pdf([]), "a PDF document without text"),
    "pages": (pdf(["x"], count=1001), "more than 1,000 pages"),
    "long": (pdf([RAID] * 500), "larger than 0.02 MB"),
    "drawing": (pdf(["x" * 100] * 60_000), "a drawing too large"),
}


@needs_pypdf
@pytest.mark.parametrize(("data", "message"), BAD_PDF.values(), ids=BAD_PDF)
def test_a_bad_pdf_is_one_error(tmp_path: Path, data: bytes, message: str) -> None:
    (error,) = items(tmp_path, data, "a.pdf")
    assert isinstance(error, InputError)
    assert message in str(error)


@pytest.mark.skipif(bool(importlib.util.find_spec("pypdf")), reason="pypdf is installed")
def test_without_pypdf_a_pdf_is_named_with_the_remedy_and_costs_no_neighbour(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(LINES))
    (tmp_path / "b.docx").write_bytes(docx(para(RAID)))
    error, article = read_all([str(tmp_path)])
    assert "pip install 'topic-tagger[documents]'" in str(error)
    assert isinstance(article, Article)


@needs_pypdf
def test_pdf_s_flaws_are_no_talk_on_standard_error(run_empty: Run, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(LINES).replace(b"startxref\n", b"startxref\n9"))
    done = run_empty("read", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
