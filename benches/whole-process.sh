#!/usr/bin/env bash
# Times the program as a user runs it: `benches/whole-process.sh [PATH-OF-M1C]`.
#
# Prints the least and the median time of several runs, and the peak memory of another one:
#   m1c --version         what starting a process costs
#   m1c build EXAMPLE     one cluster, into an empty folder
#   m1c build FOLDER      many small sources in one folder (COUNT, by default 10000)
#   m1c lint …            the same, judged by all rules
#   m1c fmt …             the same, when nothing has to be written; and when every file has
#
# Files are read from the page cache after the first run. Needs Python 3, for the memory GNU time
# (`apt-get install time`).
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
m1c=${1:-$repository/target/release/m1c}
runs=${RUNS:-20}
count=${COUNT:-10000}

if [ ! -x "$m1c" ]; then
  echo "no program $m1c: run \`cargo build --release\` first" >&2
  exit 2
fi
m1c=$(realpath "$m1c")

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# measure NAME RUNS COMMAND…; the word OUT in the command stands for an empty folder, and UNFORMATTED in the environment
# names a folder of sources.
measure() {
  local name=$1 times=$2
  shift 2
  python3 - "$name" "$times" "$folder/out" "$@" <<'PYTHON'
import os, pathlib, re, shutil, statistics, subprocess, sys, time

name, times, out, command = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
command = [out if word == "OUT" else word for word in command]
folder = os.environ.get("UNFORMATTED")
unformatted = list(pathlib.Path(folder).iterdir()) if folder else []


def run(command):
    shutil.rmtree(out, ignore_errors=True)
    for source in unformatted:
        source.write_text(source.read_text().replace("\n  ", "\n"))
    before = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    taken = (time.perf_counter() - before) * 1000
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return taken, done.stderr


taken = [run(command)[0] for _ in range(times)]
try:
    report = run(["/usr/bin/time", "-v", *command])[1]
    kilobytes = int(re.search(r"Maximum resident set size \(kbytes\): (\d+)", report)[1])
    memory = f"{kilobytes / 1024:9.1f} MiB"
except FileNotFoundError:
    memory = "no GNU time"
print(f"{name:24} {min(taken):10.2f} ms {statistics.median(taken):10.2f} ms {memory:>13}")
PYTHON
}

# Small sources that differ in name, platform and number of nodes.
mkdir "$folder/many"
python3 - "$folder/many" "$count" <<'PYTHON'
import os, sys

folder, count = sys.argv[1], int(sys.argv[2])
platforms = ["aws", "docker { os Rocky 9 }", "bare"]
for number in range(count):
    with open(os.path.join(folder, f"c{number:05}.m1"), "w") as source:
        source.write(
            f"cluster c{number:05} {{\n"
            "  postgres postgresql 16\n"
            "  failover repmgr\n"
            f"  platform {platforms[number % 3]}\n"
            f"  location main {{ data {number % 4 + 1} }}\n"
            "}\n"
        )
PYTHON

printf '%-24s %13s %13s %13s\n' "" least median "peak memory"
measure "--version" "$runs" "$m1c" --version
# A build writes a lock beside its source.
cp "$repository/examples/two-locations.m1" "$folder"
measure "build, one cluster" "$runs" "$m1c" build "$folder/two-locations.m1" --out OUT
measure "build, all targets" "$runs" "$m1c" build "$folder/two-locations.m1" --out OUT \
  --target tpa,ansible,terraform
measure "build, $count clusters" 5 "$m1c" build "$folder/many" --out OUT
measure "lint, one cluster" "$runs" "$m1c" lint "$repository/examples/two-locations.m1"
measure "lint, $count clusters" 5 "$m1c" lint "$folder/many" --exit-zero
measure "fmt, one cluster" "$runs" "$m1c" fmt "$repository/examples/two-locations.m1"
measure "fmt, nothing changes" 5 "$m1c" fmt "$folder/many"
# Their format is spoilt before each run, which is not timed.
UNFORMATTED=$folder/many measure "fmt, $count files change" 5 "$m1c" fmt "$folder/many"
