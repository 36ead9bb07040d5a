"""What checkov finds in all that was built, against what `accepted.yml` accepts with a reason."""

import fnmatch
import json
import pathlib
import shutil
import sys

import yaml

import processes

HERE = pathlib.Path(__file__).parent


def failures(options, checks):
    """Findings that nobody has accepted, and acceptances that nothing needs."""
    accepted = yaml.safe_load((HERE / "accepted.yml").read_text(encoding="utf-8"))
    folder = pathlib.Path(options.scratch, "checkov")
    for check in checks:
        if check.built().is_dir():
            shutil.copytree(check.built(), folder / check.case.name)
    found = scan(folder)
    wrong, needed = [], set()
    for check, resource, name, file in found:
        fitting = [number for number, entry in enumerate(accepted) if fits(entry, check, resource)]
        needed.update(fitting)
        if not fitting:
            wrong.append(f"checkov: {check} {resource} in {file}: {name}")
    if options.case is None:
        spare = [entry for number, entry in enumerate(accepted) if number not in needed]
        wrong += [f"checkov finds nothing that needs {entry['checks']} of {entry['resource']}" for entry in spare]
    for text in wrong:
        print(f"WRONG: {text}", flush=True)
    print(f"checkov: {len(found)} findings, {len(found) - len(wrong)} of them accepted", flush=True)
    return wrong


def fits(entry, check, resource):
    return check in entry["checks"] and fnmatch.fnmatchcase(resource, f"*{entry['resource']}*")


def scan(folder):
    """Check, resource, what the check is called, file."""
    output, _ = processes.run(
        [
            pathlib.Path(sys.executable).with_name("checkov"),
            "--directory",
            folder,
            "--skip-download",
            "--quiet",
            "--compact",
            "--output=json",
        ],
        # It gives a file ten seconds otherwise, which on a busy machine are too few.
        {"LOG_LEVEL": "ERROR", "HCL_PARSE_TIMEOUT_SEC": "300"},
        cwd=folder,
    )
    try:
        reports = json.loads(output)
    except ValueError:
        raise RuntimeError(f"checkov: {output}") from None
    reports = reports if isinstance(reports, list) else [reports]
    if not any(report.get("check_type") == "terraform" for report in reports):
        raise RuntimeError(f"checkov reads no Terraform: {output}")
    unreadable = [report["check_type"] for report in reports if report["summary"]["parsing_errors"]]
    if unreadable:
        raise RuntimeError(f"checkov cannot read everything of {unreadable}")
    return sorted(
        (finding["check_id"], finding["resource"], finding["check_name"], finding["file_path"])
        for report in reports
        for finding in report["results"]["failed_checks"]
    )
