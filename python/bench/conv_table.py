"""`make bench`: the convolution engines beside their peers, in one run, as docs/benchmarks.md and its plot.

Each setting (cores, dtype, layer) is measured in rounds, all settings once before any is measured again. In a round
every implementation is measured once, one after the other, the engines by JMH and the peers by conv_peers.py; a ratio
is taken within a round, so that a machine that drifts from one minute to the next does not tilt it, and the rounds'
ratios are averaged geometrically. ``--resume`` goes on where a run stopped, also to add a round to a whole one.

``--mode avx2`` measures some layers on one core as a processor without AVX-512 would, and prints a table.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from jmh import median

from npyparity.geometry import Geometry

ROOT = Path(__file__).resolve().parents[2]
SHAPES = ROOT / "src/jmh/resources/org/npyparity/bench/conv-shapes.json"
PAGE, PLOT = "docs/benchmarks.md", "docs/images/benchmarks.svg"
SIZES = ("in_height", "in_width", "in_depth", "out_depth", "filter_size", "stride", "padding")
ENGINES = ("vector", "openblas", "ejml")
TITLES = {
    "torch": "PyTorch",
    "numpy": "NumPy, vectorised",
    "openblas": "OpenBLAS (Bytedeco)",
    "ejml": "EJML",
    "document": "document.py",
}

OTHERS = {
    "jnpy": "Reading and writing .npy",
    "compare": "Comparing two arrays",
    "audit": "The audit, as whole processes",
    "avx2": "With AVX2 only",
}
"""The other benchmarks, whose tables the page shows as they were printed: target/bench/NAME.txt."""

MODES: dict[str, dict[str, Any]] = {
    "full": {"jmh": "-i 4 -r 250ms", "seconds": 0.4, "slow MFLOP": 250},
    "quick": {"jmh": "-i 3 -r 200ms", "seconds": 0.25, "slow MFLOP": 0},
    "avx2": {"jmh": "-i 4 -r 250ms", "seconds": 0.4, "slow MFLOP": 0},
}
# Everyone is kept from AVX-512, which the machine may have: the tables of other modes say what it has.
AVX2_JVM = ("-jvmArgsPrepend", "-XX:UseAVX=2")
AVX2_ENVIRONMENT = {
    "ATEN_CPU_CAPABILITY": "avx2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "OPENBLAS_CORETYPE": "Haswell",
}
AVX2_LAYERS = (
    "document",
    "resnet50-conv2-3x3",
    "resnet50-conv4-3x3",
    "resnet50-conv5-3x3",
    "vgg16-conv1",
    "mobilenet-conv8-1x1",
    "googlenet-3a-5x5",
)
WARM_UP = {"vector": "-wi 10 -w 400ms", "others": "-wi 3 -w 500ms"}
"""On one core the JIT shares it with the kernels, and `vector` settles after 3 s and several of JMH's iterations: with
one long iteration in place of them it took 8 ms where it takes 5.5."""
SLOW = ("openblas", "ejml", "document")
"""What takes too long for every layer: measured on the document's, and on those of at most so many MFLOP."""

DISTURBED, TRIES = 0.05, 3
"""A round in which others used more than this share of the machine is measured again, so often at most in all."""

Setting = tuple[str, str, str]
"""Cores (`one` or `all`), dtype, layer."""


def layers(mode: str) -> dict[str, Geometry]:
    """The layers by JMH's name for them; all modes but `full` take each shape at its first batch."""
    found = {}
    for shape in json.loads(SHAPES.read_text()):
        if mode == "avx2" and shape["shape"] not in AVX2_LAYERS:
            continue
        for batch in shape["batches"] if mode == "full" else shape["batches"][:1]:
            found[f"{shape['shape']}-b{batch}"] = Geometry(batch=batch, **{s: shape[s] for s in SIZES})
    return found


def flops(geometry: Geometry) -> int:
    """Of the backward pass: two products of P * Q * D multiplications and as many additions."""
    return 4 * geometry.positions * geometry.taps * geometry.out_depth


def is_large_3x3(geometry: Geometry) -> bool:
    return geometry.filter_size == 3 and min(geometry.in_depth, geometry.out_depth) >= 64


# ---- measuring -----------------------------------------------------------------------------------------------------


def environment(threads: int, mode: str) -> dict[str, str]:
    """Ours without what slows OpenBLAS down, and ``threads`` for every library."""
    kept = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "THREADS")
    kept |= AVX2_ENVIRONMENT if mode == "avx2" else {}
    return {**kept, **dict.fromkeys(names, str(threads)), "PYTHONPATH": str(ROOT / "python")}


def pinned(cores: str) -> list[str]:
    """The prefix of a command that keeps it on one core."""
    return ["taskset", "-c", str(min(os.sched_getaffinity(0)))] if cores == "one" else []


def threads(cores: str) -> int:
    return 1 if cores == "one" else len(os.sched_getaffinity(0))


class Worker:
    """A conv_peers.py that stays alive, idle while others are measured."""

    def __init__(self, python: str, cores: str, mode: str) -> None:
        self.process = subprocess.Popen(
            [*pinned(cores), python, str(Path(__file__).with_name("conv_peers.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(threads(cores), mode),
        )

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline() or '{"unavailable": "it crashed"}')
        return answer


def jmh(java: str, class_path: str, setting: tuple[str, str], benchmark: str, options: str) -> list[dict[str, Any]]:
    """Runs JMH, on the cores and in the mode of ``setting``.

    Raises:
        SystemExit: if a benchmark failed.
    """
    cores, mode = setting
    limits = AVX2_JVM if mode == "avx2" else ()
    with tempfile.TemporaryDirectory() as scratch:
        results = Path(scratch, "jmh.json")
        command = [java, "-cp", class_path, "org.npyparity.bench.ConvBenchmark", benchmark, *options.split(), *limits]
        run = subprocess.run(
            [*pinned(cores), *command, "-foe", "true", "-rf", "json", "-rff", str(results)],
            capture_output=True,
            text=True,
            env=environment(threads(cores), mode),
            check=False,
        )
        if run.returncode or not results.exists():
            sys.exit(f"JMH failed: {' '.join(command[3:])}\n{run.stdout[-3000:]}{run.stderr[-1000:]}")
        found: list[dict[str, Any]] = json.loads(results.read_text())
        return found


def machine_seconds() -> float:
    """Seconds that the machine's processors were not idle; those that a hypervisor took count."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0) - getattr(times, "guest", 0))


class Bench:
    """One run: its results so far, in a file, so that it can be done in pieces."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.mode: str = arguments.mode
        self.rounds: int = arguments.rounds
        self.java, self.class_path = arguments.java, arguments.class_path
        self.pythons = {"numpy": sys.executable, "document": sys.executable, "torch": arguments.torch_python}
        self.workers: dict[tuple[str, str], Worker] = {}
        self.file = ROOT / f"target/bench/{self.mode}.json"
        self.results: dict[str, Any] = {"machine": {}, "settings": {}, "unavailable": {}}
        if arguments.resume and self.file.exists():
            self.results = json.loads(self.file.read_text())

    def worker(self, peer: str, cores: str) -> Worker:
        key = (self.pythons[peer], cores)
        if key not in self.workers:
            self.workers[key] = Worker(*key, self.mode)
        return self.workers[key]

    def close(self) -> None:
        for worker in self.workers.values():
            worker.process.communicate()

    def settings(self) -> Iterator[tuple[Setting, Geometry]]:
        for layer, geometry in layers(self.mode).items():
            for dtype in ("float64", "float32"):
                for cores in ("one",) if self.mode == "avx2" else ("one", "all"):
                    yield (cores, dtype, layer), geometry

    def run(self, seconds: float) -> bool:
        """Measures what is missing until ``seconds`` have passed; whether everything is there."""
        self.machine()
        end = time.monotonic() + seconds
        for number in range(self.rounds):
            for setting, geometry in self.settings():
                key = " ".join(setting)
                rounds = self.results["settings"].setdefault(key, [])
                if len(rounds) > number:
                    continue
                if time.monotonic() > end:
                    return False
                start = time.monotonic()
                rounds.append(self.undisturbed(setting, geometry, number))
                self.save()
                print(f"{key}: {time.monotonic() - start:.0f} s", rounds[number], file=sys.stderr, flush=True)
        return True

    def undisturbed(self, setting: Setting, geometry: Geometry, number: int) -> dict[str, Any]:
        """A round; again, if others than we used the machine meanwhile. The last try counts, and is marked."""
        for _ in range(TRIES):
            busy, own, start = machine_seconds(), self.own_seconds(), time.monotonic()
            found = self.round(setting, geometry, number)
            others = (machine_seconds() - busy) - (self.own_seconds() - own)
            share = others / (time.monotonic() - start) / (os.cpu_count() or 1)
            if share <= DISTURBED:
                return found
        return {**found, "disturbed": round(share, 3)}

    def own_seconds(self) -> float:
        """Seconds of a processor that this process, its workers and its children that have ended have used."""
        workers = sum(sum(psutil.Process(worker.process.pid).cpu_times()[:2]) for worker in self.workers.values())
        return float(sum(os.times()[:4]) + workers)

    def round(self, setting: Setting, geometry: Geometry, number: int) -> dict[str, Any]:
        """Milliseconds of each implementation, one after the other; in the first round the slow ones too."""
        cores, dtype, layer = setting
        found: dict[str, Any] = {}
        is_first = layer == next(iter(layers(self.mode)))
        names = {"torch", "vector"}
        if number == 0:
            is_short = flops(geometry) <= MODES[self.mode]["slow MFLOP"] * 1e6
            names |= {"numpy", *(SLOW if (is_short or is_first) and self.mode != "avx2" else ())}
        if is_large_3x3(geometry) or is_first:
            found["peak"] = self.peak(cores, dtype)
        for name in ("torch", "vector", "numpy", "document", "openblas", "ejml"):
            if name in names:
                found |= self.engine(setting, name) if name in ENGINES else self.peer(setting, geometry, name)
        return found

    def peer(self, setting: Setting, geometry: Geometry, peer: str) -> dict[str, float]:
        cores, dtype, _ = setting
        seconds = MODES[self.mode]["seconds"]
        answer = self.worker(peer, cores).ask(
            {"peer": peer, "dtype": dtype, "seconds": seconds, "layer": geometry.parameters()}
        )
        if "ms" in answer:
            return {peer: answer["ms"], f"{peer} note": answer["note"]}
        self.results["unavailable"][peer] = answer["unavailable"]
        return {}

    def engine(self, setting: Setting, engine: str) -> dict[str, float]:
        cores, dtype, layer = setting
        warm_up = WARM_UP.get(engine, WARM_UP["others"])
        options = f"{warm_up} {MODES[self.mode]['jmh']} -p layer={layer} -p dtype={dtype} -p engine={engine}"
        (result,) = jmh(self.java, self.class_path, (cores, self.mode), "ConvBenchmark.backward", options)
        return {engine: median(result)}

    def peak(self, cores: str, dtype: str) -> float:
        """GFLOP/s of fused multiply-adds in registers."""
        options = f"-t {threads(cores)} -wi 4 -w 300ms -i 3 -r 100ms"
        (result,) = jmh(self.java, self.class_path, (cores, self.mode), f"FmaPeakBenchmark.{dtype}", options)
        return median(result)

    def machine(self) -> None:
        if self.results["machine"]:
            return
        java = subprocess.run([self.java, "-version"], capture_output=True, text=True, check=True).stderr.splitlines()
        cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
        jars = re.findall(r"/(ejml-ddense|openblas|jmh-core)-([\d.]+(?:-[\d.]+)?)\.jar", self.class_path)
        self.results["machine"] = {
            "Date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
            "Processor": f"{cpu[1] if cpu else platform.processor()}, {len(os.sched_getaffinity(0))} cores, "
            + ", ".join(f for f in ("avx512f", "avx2", "asimd") if f in Path("/proc/cpuinfo").read_text()),
            "System": f"{platform.system()} {platform.machine()}",
            "JVM": java[-1].strip(),
            **dict(jars),
            **self.worker("numpy", "one").ask({}),
            **self.worker("torch", "one").ask({"torch": True}),
        }

    def save(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        beside = self.file.with_suffix(".new")
        beside.write_text(json.dumps(self.results, indent=1))
        beside.replace(self.file)


# ---- reporting -----------------------------------------------------------------------------------------------------


class Table:
    """What follows from the results."""

    def __init__(self, results: dict[str, Any], geometries: dict[str, Geometry]) -> None:
        self.rounds: dict[Setting, list[dict[str, Any]]] = {
            (cores, dtype, layer): rounds
            for key, rounds in results["settings"].items()
            if rounds
            for cores, dtype, layer in [key.split()]
        }
        self.geometries = geometries

    def ms(self, setting: Setting, name: str) -> float | None:
        times = [r[name] for r in self.rounds.get(setting, []) if name in r]
        return statistics.median(times) if times else None

    def ratio(self, setting: Setting, name: str) -> float | None:
        """How many times as long as `vector` in the same round."""
        return mean(r[name] / r["vector"] for r in self.rounds.get(setting, []) if name in r)

    def limit(self, setting: Setting, name: str) -> float | None:
        """The ratio if `vector` ran at the FMA peak: no plain sum of products can be faster."""
        share = self.share(setting, name)
        return None if share is None else 1 / share

    def share(self, setting: Setting, name: str = "vector") -> float | None:
        """Of the FMA peak: that of the same round, else the median of this run."""
        layer = setting[2]
        peaks = [r["peak"] for s, rounds in self.rounds.items() if s[:2] == setting[:2] for r in rounds if "peak" in r]
        if not peaks:
            return None
        return mean(
            flops(self.geometries[layer]) / r[name] / 1e6 / r.get("peak", statistics.median(peaks))
            for r in self.rounds.get(setting, [])
            if name in r
        )


class Bar(NamedTuple):
    """What was to be reached."""

    cores: str
    what: str
    value: float | None
    """The figure measured."""
    limit: float | None
    """What it would be at the FMA peak."""
    required: float
    layer: str
    """Of which layer it is where it is the worst one."""


def bars(table: Table) -> Iterator[Bar]:
    document = next(iter(table.geometries))
    for cores in ("one", "all"):
        for dtype, at_document, at_mean in (("float64", 3, 2), ("float32", 1.5, 1)):
            settings = {layer: (cores, dtype, layer) for layer in table.geometries}
            ratio = {layer: table.ratio(setting, "torch") for layer, setting in settings.items()}
            limit = {layer: table.limit(setting, "torch") for layer, setting in settings.items()}
            times = f"{dtype}, times PyTorch,"
            yield Bar(cores, f"{times} the document's", ratio[document], limit[document], at_document, "")
            yield Bar(cores, f"{times} geometric mean", mean(ratio.values()), mean(limit.values()), at_mean, "")
            if dtype == "float32":
                value, layer = worst(ratio)
                yield Bar(cores, f"{times} the worst shape", value, worst(limit)[0], 0.7, layer)
            first = settings[document]
            value, at_peak = table.ratio(first, "document"), table.limit(first, "document")
            yield Bar(cores, f"{dtype}, times document.py, the document's", value, at_peak, 20, "")
            large = {layer: table.share(settings[layer]) for layer, g in table.geometries.items() if is_large_3x3(g)}
            value, layer = worst(large)
            yield Bar(cores, f"{dtype}, share of the FMA peak, the worst large 3x3", value, 1, 0.7, layer)


def mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.geometric_mean(known) if known else None


def worst(by_layer: dict[str, float | None]) -> tuple[float | None, str]:
    known = {layer: value for layer, value in by_layer.items() if value is not None}
    layer = min(known, key=lambda name: known[name], default="")
    return known.get(layer), layer


def cell(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


INTRODUCTION = """\
Made by `{command}`; do not edit. Measured is the backward pass of a convolution layer: from `in_data`, `dfilter_data`
and `weights` to `dweights`, `dbias` and `din_data`. A ratio says how many times as long as `vector` a peer takes: above
1 `vector` is faster.

- Ratios are taken within a round, in {rounds}. In each round PyTorch comes first, then `vector`, then the others: the
  engines by JMH, each in a JVM of its own, their peers by `python/bench/conv_peers.py`.
- All have the same threads, but EJML, which has one.
- PyTorch is `aten::convolution_backward`, the faster of channels_last and contiguous.
- The document's code is handed `matric_data`; all others make it or do without.
- The peak is measured in the same round. A share of more than 100% says that the machine changed its speed in between,
  which no counter shows. "At 100% of the peak" is the figure of an engine at that peak, as PyTorch's share of it
  allows: no plain sum of products can have a higher one.

DJL has no column: it runs here, but what it runs is PyTorch's own kernels, of an older version, behind JNI. ND4J has
not been tried."""


def page(results: dict[str, Any], table: Table, mode: str, unmeasured: int) -> str:
    rounds = max((len(found) for found in table.rounds.values()), default=1)
    lines = [
        "# Benchmarks",
        "",
        *INTRODUCTION.format(
            command="make bench" + ("" if mode == "full" else f" BENCH={mode}"),
            rounds="one round" if rounds == 1 else f"{rounds} rounds",
        ).splitlines(),
        "",
        f"![How many times as long as vector]({Path(PLOT).relative_to('docs')})",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in results["machine"].items()),
    ]
    for peer in TITLES:
        if peer in results["unavailable"]:
            lines += ["", f"{TITLES[peer]} did not run here: {results['unavailable'][peer]}"]
    limit = MODES[mode]["slow MFLOP"]
    where = f"layers of at most {limit} MFLOP" if limit else "the document's layer"
    lines += ["", f"OpenBLAS, EJML and document.py, which take long, are measured on {where} only."]
    if unmeasured:
        lines += ["", f"**{unmeasured} settings have not been measured.** They are missing below and in every mean."]
    fewer = sum(1 for found in table.rounds.values() if len(found) < rounds)
    if fewer:
        lines += ["", f"{fewer} settings have been measured in fewer rounds."]
    disturbed = [" ".join(setting) for setting, found in table.rounds.items() if any("disturbed" in r for r in found)]
    if disturbed:
        lines += ["", f"Others used the machine while these were measured, {TRIES} times over: {', '.join(disturbed)}."]
    lines += ["", "## What was to be reached", ""]
    lines += ["| cores | | measured | at 100% of the peak | to reach | |", "|---|---|--:|--:|--:|---|"]
    for bar in bars(table):
        verdict = "not measured" if bar.value is None else "reached" if bar.value >= bar.required else "missed"
        if bar.value is not None and unmeasured and ("mean" in bar.what or "worst" in bar.what):
            verdict += " so far"
        of = f" ({bar.layer})" if bar.layer else ""
        figures = f"{cell(bar.value)} | {cell(bar.limit)} | {bar.required:g}"
        lines.append(f"| {bar.cores} | {bar.what} | {figures} | {verdict}{of} |")
    for cores in ("one", "all"):
        for dtype in ("float64", "float32"):
            lines += ["", f"## {dtype}, {'one core' if cores == 'one' else 'all cores'}", ""]
            lines += section(table, cores, dtype)
    lines += [
        "",
        "## The layers",
        "",
        "| | " + " | ".join(s.replace("_", " ") for s in SIZES) + " | MFLOP |",
        "|---" + "|--:" * (len(SIZES) + 1) + "|",
    ]
    for layer, g in table.geometries.items():
        sizes = " | ".join(str(g.parameters()[s]) for s in SIZES)
        lines.append(f"| {layer} | {sizes} | {flops(g) / 1e6:,.0f} |")
    for name, title in OTHERS.items():
        table_of = ROOT / f"target/bench/{name}.txt"
        if table_of.exists():
            lines += ["", f"## {title}", "", f"By `make bench-{name}`.", "", "```text"]
            lines += [*table_of.read_text().splitlines(), "```"]
    return "\n".join(lines) + "\n"


def section(table: Table, cores: str, dtype: str) -> Iterator[str]:
    yield "| layer | `vector`, ms | of peak | PyTorch, of peak | " + " | ".join(TITLES.values()) + " |"
    yield "|---|--:|--:|--:" + "|--:" * len(TITLES) + "|"
    settings = [(cores, dtype, layer) for layer in table.geometries]
    for setting in settings:
        shares = " | ".join(percent(table.share(setting, name)) for name in ("vector", "torch"))
        ratios = " | ".join(cell(table.ratio(setting, name)) for name in TITLES)
        yield f"| {setting[2]} | {cell(table.ms(setting, 'vector'))} | {shares} | {ratios} |"
    means = " | ".join(cell(mean(table.ratio(setting, name) for setting in settings)) for name in TITLES)
    yield f"| **geometric mean** | | | | {means} |"


def avx2_lines(results: dict[str, Any], table: Table) -> Iterator[str]:
    """The table of mode `avx2`, as it is printed."""
    machine = results["machine"]
    yield f"{machine['Date']}, {machine['Processor']}, kept from AVX-512: vector by -XX:UseAVX=2, the others by"
    yield " ".join(f"{name}={value}" for name, value in AVX2_ENVIRONMENT.items())
    blas = machine.get("NumPy's BLAS", "-")
    yield f"one core, PyTorch {machine.get('PyTorch', '-')}, NumPy's BLAS {blas}"
    yield ""
    yield f"{'backward':30}{'vector, ms':>12}{'of peak':>9}{'PyTorch':>9}{'of peak':>9}{'NumPy':>9}"
    for dtype in ("float64", "float32"):
        settings = [("one", dtype, layer) for layer in table.geometries]
        for setting in settings:
            ratios = [cell(table.ratio(setting, name)) for name in ("torch", "numpy")]
            shares = [percent(table.share(setting, name)) for name in ("vector", "torch")]
            yield (
                f"{dtype} {setting[2]:22}{cell(table.ms(setting, 'vector')):>12}{shares[0]:>9}"
                f"{ratios[0]:>9}{shares[1]:>9}{ratios[1]:>9}"
            )
        means = [cell(mean(table.ratio(setting, name) for setting in settings)) for name in ("torch", "numpy")]
        yield f"{dtype + ' geometric mean':51}{means[0]:>9}{means[1]:>18}"
    disturbed = sum(any("disturbed" in r for r in rounds) for rounds in table.rounds.values())
    if disturbed:
        yield f"others used the machine in {disturbed} of {len(table.rounds)} settings, {TRIES} times over"


def plot(table: Table, file: Path) -> None:
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    plt.rcParams["svg.hashsalt"] = "npyparity"  # the same identifiers in each run
    figure, axes = plt.subplots(2, 2, sharex=True, sharey=True, figsize=(11, 10), layout="constrained")
    names = list(table.geometries)
    for row, cores in enumerate(("one", "all")):
        for column, dtype in enumerate(("float64", "float32")):
            axis = axes[row][column]
            for name, marker in zip(TITLES, "osD^v", strict=True):
                points = [(table.ratio((cores, dtype, layer), name), y) for y, layer in enumerate(names)]
                known = [(x, y) for x, y in points if x is not None]
                axis.plot([x for x, _ in known], [y for _, y in known], marker, label=TITLES[name], markersize=5)
            axis.axvline(1, color="black", linewidth=1)
            axis.set_xscale("log")
            axis.set_title(f"{dtype}, {'one core' if cores == 'one' else 'all cores'}")
            axis.set_yticks(range(len(names)), names, fontsize=8)
            axis.grid(visible=True, alpha=0.3)
    axes[0][0].invert_yaxis()
    axes[0][0].legend(loc="lower right", fontsize=8)
    figure.supxlabel("time as a multiple of vector's (right of 1: vector is faster)")
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".new.svg")
    figure.savefig(beside, metadata={"Date": None})
    beside.write_text("\n".join(line.rstrip() for line in beside.read_text().splitlines()) + "\n")
    beside.replace(file)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the convolution engines beside their peers.")
    parser.add_argument(
        "--mode",
        choices=MODES,
        default="full",
        help="quick: one round, shorter, each shape once; avx2: without AVX-512",
    )
    parser.add_argument("--resume", action="store_true", help="keep what an earlier run of this mode has measured")
    parser.add_argument("--rounds", type=int, default=1, help="of all settings; each further one takes 20 minutes")
    parser.add_argument(
        "--seconds", type=float, default=1e9, help="begin no further setting after so long; 0: make the page only"
    )
    parser.add_argument("--java", default="java")
    parser.add_argument("--class-path", required=True)
    parser.add_argument("--torch-python", default=sys.executable, help="an interpreter that has PyTorch")
    arguments = parser.parse_args()
    bench = Bench(arguments)
    try:
        complete = bench.run(arguments.seconds)
    finally:
        bench.close()
    table = Table(bench.results, layers(bench.mode))
    unmeasured = sum(1 for setting, _ in bench.settings() if setting not in table.rounds)
    if not complete:
        print(f"not done, {unmeasured} settings have no figures: run again with --resume", file=sys.stderr)
    if bench.mode == "avx2":
        print("\n".join(avx2_lines(bench.results, table)))
        sys.exit(0 if complete else 3)
    plot(table, ROOT / PLOT)
    (ROOT / PAGE).write_text(page(bench.results, table, bench.mode, unmeasured))
    print(f"{PAGE} and {PLOT} are written", file=sys.stderr)
    if not complete:
        sys.exit(3)


if __name__ == "__main__":
    main()
