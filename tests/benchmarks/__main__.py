"""``python -m tests.benchmarks``: all measurements, or those named, as Markdown tables of ratios."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.corpus import champion, environment, write_news
from tests.benchmarks.measuring import alternately, table
from tests.benchmarks.models import bundle_of_size, size_of

PYTHON = sys.executable
TAGGER = str(Path(PYTHON).parent / "tagger")
_MANY = 10
"""Times the articles that several jobs share: to start them takes as long as some thousand articles."""
ARTICLE = Path(__file__).parent.parent / "pages" / "demo.txt"
PYFUNC = """
import os, mlflow
mlflow.set_tracking_uri(f"sqlite:///{os.environ['TAGGER_HOME']}/mlflow.db")
print(mlflow.pyfunc.load_model("models:/topic-tagger@champion").predict([{"text": open(%r).read()}]))
"""

OPEN_AND_TAG = """
from pathlib import Path
from tagger.tagging import Bundle, Tagger
Tagger(Bundle.open(Path(%r))).tag("Troops fired across the border. " * 50)
"""


def cold(home: Path, options: argparse.Namespace) -> None:
    """Time whole processes that tag one page, against what Python and its libraries take to start."""
    commands = {
        "python -c pass": [PYTHON, "-c", "pass"],
        'python -c "import numpy"': [PYTHON, "-c", "import numpy"],
        "tagger tag page.txt": [TAGGER, "tag", str(ARTICLE)],
        "tagger --version": [TAGGER, "--version"],
        "tagger --help": [TAGGER, "--help"],
    }
    best = alternately(commands, environment(home), options.rounds * 4)
    best |= alternately({"mlflow.pyfunc load and predict": [PYTHON, "-c", PYFUNC % str(ARTICLE)]}, environment(home), 2)
    ours, numpy = best["tagger tag page.txt"], best['python -c "import numpy"']
    rows = [
        [
            name,
            f"{1000 * cost.seconds:.0f} ms",
            f"{cost.seconds / numpy.seconds:.2f}",
            f"{cost.seconds / ours.seconds:.2f}",
        ]
        for name, cost in best.items()
    ]
    table("Cold start, whole process", ["process", "best", "of importing numpy", "of `tagger tag`"], rows)


def warm(home: Path, options: argparse.Namespace) -> None:
    """Time one article in a process that is up, against scikit-learn's `Pipeline.predict`."""
    command = [PYTHON, "-m", "tests.benchmarks.warm", str(champion(home))]
    best = alternately({"warm": command}, environment(home), 1)["warm"]
    ours, theirs = map(float, best.output.split())
    rows = [
        ["Tagger.tag(text)", f"{ours * 1e6:.0f} µs", "1.0"],
        ["Pipeline.predict([text]), same analyzer", f"{theirs * 1e6:.0f} µs", f"{theirs / ours:.1f}"],
    ]
    table("One article, warm", ["call", "best", "of ours"], rows)


def throughput(home: Path, options: argparse.Namespace) -> None:
    """Race JSON Lines to JSON Lines, CPU seconds of one core; then one job against two."""
    bundle = champion(home)
    env = environment(home)
    news = home / "news.jsonl"
    size = write_news(news, options.articles, options.news)
    contestants = ["ours", "same-analyzer", "plain", "fasttext"]
    os.environ.setdefault("BENCH_FASTTEXT", ".bench")
    if not Path(os.environ["BENCH_FASTTEXT"]).is_dir():
        print("fastText is left out: `make .bench` installs it", file=sys.stderr)
        contestants.remove("fasttext")
    env["BENCH_FASTTEXT"] = os.environ["BENCH_FASTTEXT"]
    commands = {
        name: [PYTHON, "-m", "tests.benchmarks.contestant", name, str(news), str(bundle), "2"] for name in contestants
    }
    seconds: dict[str, float] = {}
    for _ in range(options.rounds):  # in turn, the least of each
        for name, cost in alternately(commands, env, 1).items():
            seconds[name] = min(seconds.get(name, 1e9), float(cost.output))
    rows = [
        [name, f"{size / 1e6 / s:.1f} MB/s", f"{options.articles / s:,.0f}", f"{s / seconds['ours']:.2f}"]
        for name, s in seconds.items()
    ]
    table(
        f"{options.articles:,} articles, {size / 1e6:.0f} MB, jsonl to jsonl, one core",
        ["tagger", "text", "articles a second", "CPU of ours"],
        rows,
    )
    many = home / "many.jsonl"
    write_news(many, options.articles * _MANY, options.news)
    tag = [TAGGER, "tag", str(many), "-o", os.devnull]
    busy = "for i in range(20_000_000): pass"
    jobs = alternately({"1": tag, "2": [*tag, "--jobs", "2"]}, env, options.rounds)
    began = time.perf_counter()
    subprocess.run([PYTHON, "-c", busy], check=True)
    alone = time.perf_counter() - began
    began = time.perf_counter()
    pair = [subprocess.Popen([PYTHON, "-c", busy]) for _ in range(2)]
    for process in pair:
        process.wait()
    machine = 2 * alone / (time.perf_counter() - began)
    rows = [[n, f"{cost.seconds:.2f} s", f"{jobs['1'].seconds / cost.seconds:.2f}"] for n, cost in jobs.items()]
    table(
        f"{options.articles * _MANY:,} articles, whole process; two busy loops at once get {machine:.2f} here",
        ["--jobs", "best", "speed-up"],
        rows,
    )
    many.unlink()


def memory(home: Path, options: argparse.Namespace) -> None:
    """Show the peak memory of archives of growing length."""
    champion(home)
    rows = []
    for count in (10_000, 100_000, 1_000_000) if options.full else (10_000, 50_000):
        news = home / "archive.jsonl"
        size = write_news(news, count, options.news)
        cost = alternately({"tag": [TAGGER, "tag", str(news), "-o", os.devnull]}, environment(home), 1)["tag"]
        rows.append([f"{count:,}", f"{size / 1e6:,.0f} MB", f"{cost.megabytes:.0f} MB", f"{cost.seconds:.1f} s"])
        news.unlink()
    table("Peak memory", ["articles", "text", "memory", "time"], rows)


def terms(home: Path, options: argparse.Namespace) -> None:
    """Show a bundle's bytes and start-up as its terms grow."""
    folders = {count: bundle_of_size(home, count) for count in (10_000, 100_000, 500_000, 1_000_000)}
    commands = {
        str(count): [
            PYTHON,
            "-c",
            OPEN_AND_TAG % str(folder),
        ]
        for count, folder in folders.items()
    }
    best = alternately(commands, environment(home), options.rounds * 3)
    first = best["10000"].seconds
    rows = [
        [
            f"{count:,}",
            f"{size_of(folder) / 1e6:.1f} MB",
            f"{1000 * best[str(count)].seconds:.0f} ms",
            f"{best[str(count)].seconds / first:.2f}",
        ]
        for count, folder in folders.items()
    ]
    table("Bundle and start-up by terms", ["terms", "bundle", "open and tag one", "of 10,000"], rows)


PARTS: dict[str, Callable[[Path, argparse.Namespace], None]] = {
    "cold": cold,
    "warm": warm,
    "throughput": throughput,
    "memory": memory,
    "terms": terms,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--news", type=Path, help="JSON Lines of real articles (title, body) in place of made ones")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="memory for up to a million articles")
    parser.add_argument("--home", type=Path, help="keep the trained champion here for the next time")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    home = (chosen.home or Path(tempfile.mkdtemp(prefix="bench-"))).absolute()
    home.mkdir(parents=True, exist_ok=True)
    champion(home)
    for part in chosen.parts or PARTS:
        PARTS[part](home, chosen)
    if chosen.home is None:
        shutil.rmtree(home)
