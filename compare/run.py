#!/usr/bin/env python3
"""The bot, scikit-learn's linear SVM and nlp.js side by side: one run, one machine, the same sentences, the same typing errors.

    python3 compare/run.py DATA              all sets in the folder DATA, all systems
    python3 compare/run.py DATA --sets banking77/train10 --systems bot,sklearn

DATA holds clinc150.tsv and banking77.tsv: split, intent, text. Each set is trained on one split and measured on `valid`. The
systems are installed from their registries, in the versions of requirements.txt and package.json, under target/compare.
What can't be installed, fails or takes too long has a line in the table that says so.

A system is a program: it reads TRAIN (label, text), trains, reads each TEST, and writes OUT as JSON: `load_ms` from the
sentences in memory until it is ready, `taken_us` of each message of the first TEST, one at a time, `predicted` for each TEST,
`peak_rss_mb` of the process. The bot is measured by `bot eval`, from `bot import`'s folder.
"""
import argparse
import csv
import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
WORK = ROOT / "target" / "compare"
SETS = [f"{name}/{split}" for name in ("clinc150", "banking77") for split in ("train10", "train5", "train")]
SYSTEMS = ("bot", "sklearn", "nlpjs")
TITLES = {"bot": "bot", "sklearn": "scikit-learn, linear SVM", "nlpjs": "nlp.js"}
NO_INTENT = ("", "oos")
SEED = 7


class Skipped(Exception):
    """Why a system has no figures."""


def main():
    options = arguments()
    WORK.mkdir(parents=True, exist_ok=True)
    # The bot is the first: the others are given the typing errors that it has made.
    systems = {name: prepared(name, options) for name in SYSTEMS if name in options.systems}
    results = []
    for one in options.sets:
        for name, system in systems.items():
            say(f"{one}: {TITLES[name]}")
            if name == next(iter(systems)):
                (WORK / one / "typos.tsv").unlink(missing_ok=True)
            results.append({"set": one, "system": name, **measured(name, system, one, options)})
    (WORK / "results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    print(table(results, options))
    say(f"the figures are also in {(WORK / 'results.json').relative_to(ROOT)}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    several = lambda text: [part for part in text.split(",") if part]
    parser.add_argument("data", type=Path, help="the folder with clinc150.tsv and banking77.tsv")
    parser.add_argument("--sets", type=several, default=SETS, help="such as clinc150/train10,banking77/train")
    parser.add_argument("--systems", type=several, default=list(SYSTEMS), help="of " + ",".join(SYSTEMS))
    parser.add_argument("--test", default="valid", help="the split to measure on (valid)")
    parser.add_argument("--limit", type=float, default=10, help="minutes for one system on one set (10)")
    parser.add_argument("--bot", type=Path, help="the program; else it is built with --release")
    options = parser.parse_args()
    unknown = [name for name in options.systems if name not in SYSTEMS]
    if unknown or not options.systems:
        parser.error(f"systems are {', '.join(SYSTEMS)}")
    for one in options.sets:
        name, _, split = one.partition("/")
        file = options.data / f"{name}.tsv"
        if not split or not file.is_file():
            parser.error(f"no set `{one}`: a set is the name of a file in DATA and a split, such as clinc150/train10")
        there = {row[0] for row in rows(file)}
        if not {split, options.test} <= there:
            parser.error(f"`{file.name}` has the splits {', '.join(sorted(there))}")
    return options


def say(text):
    print(f"compare: {text}", file=sys.stderr, flush=True)


# --- systems


def prepared(name, options):
    """The command of a system, or why there is none."""
    try:
        return {"bot": bot, "sklearn": sklearn, "nlpjs": nlpjs}[name](options)
    except Skipped as why:
        say(f"SKIPPED {TITLES[name]}: {why}")
        return why


def bot(options):
    program = options.bot or ROOT / "target" / "release" / "bot"
    if not options.bot:
        run(["cargo", "build", "--quiet", "--release", "--locked", "-p", "bot-cli"], cwd=ROOT)
    if not program.is_file():
        raise Skipped(f"there is no program {program}")
    program = program.resolve()
    for command in ("import", "eval"):
        if subprocess.run([program, command, "--help"], capture_output=True).returncode != 0:
            raise Skipped(f"this program has no `bot {command}`")
    return program


def sklearn(_):
    venv = WORK / "venv"
    python = venv / "bin" / "python"
    wanted = (HERE / "requirements.txt").read_text(encoding="utf-8")
    stamp = venv / "installed.txt"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        run([sys.executable, "-m", "venv", "--clear", venv])
        run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", HERE / "requirements.txt"])
        stamp.write_text(wanted, encoding="utf-8")
    return [python, HERE / "sklearn_svm.py"]


def nlpjs(_):
    if not (shutil.which("node") and shutil.which("npm")):
        raise Skipped("there is no node or no npm")
    folder = WORK / "node"
    folder.mkdir(exist_ok=True)
    wanted = (HERE / "package.json").read_text(encoding="utf-8")
    stamp = folder / "installed.json"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        (folder / "package.json").write_text(wanted, encoding="utf-8")
        run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder)
        stamp.write_text(wanted, encoding="utf-8")
    # 15,000 examples take more than node's usual heap.
    return ["node", "--max-old-space-size=8192", HERE / "nlpjs.js"]


def run(command, **more):
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)
    except OSError as error:
        raise Skipped(f"{command[0]}: {error.strerror}") from error
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no word why"]
        raise Skipped(f"`{Path(command[0]).name} {command[1]} …` failed: {last[0][:200]}")
    return done.stdout


# --- measuring


def measured(name, system, one, options):
    if isinstance(system, Skipped):
        return {"skipped": str(system)}
    try:
        files = sentences(one, options)
        return by_bot(system, one, options) if name == "bot" else by_program(name, system, files, options)
    except subprocess.TimeoutExpired:
        why = f"not finished within {options.limit:g} min"
    except Skipped as error:
        why = str(error)
    say(f"SKIPPED {TITLES[name]} on {one}: {why}")
    return {"skipped": why}


def rows(file):
    with open(file, encoding="utf-8-sig", newline="") as lines:
        table = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in table if len(row) == 3]


def plain(label):
    """Labels as they are compared: the bot's intents are named by letters, digits and `_`."""
    return "".join(char for char in label.lower() if char.isalnum())


def sentences(one, options):
    """The folder with TRAIN and TEST; the bot, which is the first, puts TEST with typing errors beside them."""
    name, _, split = one.partition("/")
    folder = WORK / one
    folder.mkdir(parents=True, exist_ok=True)
    table = rows(options.data / f"{name}.tsv")
    for file, wanted in (("train", split), ("test", options.test)):
        lines = [(label, text) for of, label, text in table if of == wanted and label not in NO_INTENT]
        write(folder / f"{file}.tsv", lines)
    return folder


def write(file, lines):
    file.write_text("".join(f"{label}\t{text}\n" for label, text in lines), encoding="utf-8")


def by_program(name, command, folder, options):
    typos = folder / "typos.tsv"
    tests = [folder / "test.tsv"] + ([typos] if typos.is_file() else [])
    out = folder / f"{name}.json"
    out.unlink(missing_ok=True)
    program = [*command, folder / "train.tsv", out, *tests]
    run(program, timeout=options.limit * 60, cwd=WORK / "node" if name == "nlpjs" else folder)
    found = json.loads(out.read_text(encoding="utf-8"))
    taken = sorted(found.pop("taken_us"))
    predicted = found.pop("predicted")
    found |= {"p50_us": taken[len(taken) // 2], "p99_us": taken[int(len(taken) * 0.99)]}
    for key, test, labels in zip(("accuracy", "typos"), tests, predicted):
        wanted = [line.split("\t")[0] for line in test.read_text(encoding="utf-8").splitlines()]
        right = sum(plain(want) == plain(got) for want, got in zip(wanted, labels, strict=True))
        found[key] = {"right": right, "of": len(wanted)}
    return found


def by_bot(program, one, options):
    name, _, split = one.partition("/")
    folder = WORK / one
    data = options.data.resolve() / f"{name}.tsv"
    shutil.rmtree(folder / "bot", ignore_errors=True)
    limit = {"timeout": options.limit * 60}
    run([program, "import", data, "--split", split, "--out", folder / "bot"], **limit)
    test = [program, "eval", "--intents", folder / "bot", "--test", data, "--split", options.test, "--format", "json"]
    found = json.loads(run(test, **limit))
    predictions = folder / "predictions.tsv"
    with_typos = json.loads(run([*test, "--typos", 1, "--seed", SEED, "--predictions", predictions], **limit))
    keep_typos(predictions, folder / "typos.tsv")
    messages = len((folder / "test.tsv").read_text(encoding="utf-8").splitlines())
    share = lambda result: {"right": round(result["accuracy"] * messages), "of": messages}
    keys = ("load_ms", "p50_us", "p99_us", "peak_rss_mb")
    return {**{key: found.get(key) for key in keys}, "accuracy": share(found), "typos": share(with_typos)}


def keep_typos(predictions, typos):
    """The messages with their typing errors, for the others; those of one seed are the same whatever was trained on."""
    with open(predictions, encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    write(typos, [(row["label"], row["text"]) for row in table if row["label"] not in NO_INTENT])


# --- telling


def wilson(right, of, z=1.96):
    """The 95 % interval of a share, by Wilson."""
    share, base = right / of, 1 + z * z / of
    middle = (share + z * z / (2 * of)) / base
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / base
    return middle - half, middle + half


def percent(count):
    if not count:
        return "–"
    low, high = wilson(count["right"], count["of"])
    return f"{100 * count['right'] / count['of']:.1f} ({100 * low:.1f}–{100 * high:.1f})"


def seconds(ms):
    return "–" if ms is None else f"{ms / 1000:.2f} s"


def number(value, unit):
    return "–" if value is None else f"{value:,.0f} {unit}"


def table(results, options):
    lines = [
        "| set | system | accuracy, % (95 %) | with one typo each | load or train | median | p99 | peak memory |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in results:
        start = f"| {row['set']} | {TITLES[row['system']]} {row.get('version', '')}".rstrip()
        if "skipped" in row:
            lines.append(f"{start} | {row['skipped']} | | | | | |")
            continue
        figures = [
            percent(row["accuracy"]),
            percent(row.get("typos")),
            seconds(row["load_ms"]),
            number(row["p50_us"], "µs"),
            number(row["p99_us"], "µs"),
            number(row["peak_rss_mb"], "MB"),
        ]
        lines.append(f"{start} | {' | '.join(figures)} |")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    lines.append(
        f"\nTrained on the split named, measured on `{options.test}`; one message at a time; {os.cpu_count()} processors, "
        f"load {load:.1f} at the end. Typing errors: `bot eval --typos 1 --seed {SEED}`."
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
