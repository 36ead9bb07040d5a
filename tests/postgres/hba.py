"""Compares m1c's reading of pg_hba.conf and pg_ident.conf with that of real servers.

    python3 tests/postgres/hba.py [--lines 4000] [--seed 1] [--record] [MAJOR…]

Random lines are written to the files of a server of each major; `pg_hba_file_rules` and `pg_ident_file_mappings` say
which of them it refuses. `cargo test hba_verdicts` then reads the same lines. With --record a part of them is kept in
`tests/postgres/hba.txt`, which every `cargo test` reads.

The servers of npm are built without LDAP, PAM and GSSAPI, so lines with these are asked of Debian's own server too,
where there is one below /usr/lib/postgresql.

A verdict is a letter for each major from 11 to 18: `y` for a line that is taken, `n` for one that is refused, `.` where
the server cannot be asked.
"""

import argparse
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import servers

MAJORS = range(11, 19)
HERE = pathlib.Path(__file__).parent
# What a server says about itself rather than about the line.
UNASKED = (
    "not supported by this build",
    "oauth_validator_libraries must be set",
    "could not open",
    "not yet supported",
)


class Debian(servers.Server):
    """The server of a package of Debian, built with everything."""

    def __init__(self, native):
        self.major = int(native.name)
        self.native = native
        self.environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
        self._scratch = tempfile.TemporaryDirectory(prefix="m1c-postgres-debian-")
        self.scratch = pathlib.Path(self._scratch.name)
        os.chmod(self.scratch, 0o755)
        self._folders = 0
        self._data = None


KINDS = "local host hostssl hostnossl hostgssenc hostnogssenc".split()
METHODS = (
    "trust reject md5 password scram-sha-256 gss sspi ident peer pam bsd ldap radius cert oauth".split()
)
DATABASES = 'all app sameuser samerole samegroup replication "all" "app db" @names.txt + +x * app,billing all,app'.split(" ")
USERS = ['all', 'app', '+admins', '"+admins"', '"all"', '@names.txt', '*', 'app,+dba', '"a b"', 'a"b c"d', '""', 'Ü', 'ALL']
ADDRESSES = """10.0.0.0/8 10/8 10.1/16 10.0.0.1/32 010.0.0.1/32 0x0a.0.0.1/32 10.0.0.0/33 10.0.0.0/ 10.0.0.0/+8 10.0.0.0/-1
10.0.0.0/-0 10.0.0.0/08 10.0.0.0/8x 256.0.0.1/32 256.0.0.1 1.2.3.4.5/8 1.2.3.4.5 08.0.0.1/32 4294967295/32 4294967296/32 1.16777215/8
1.16777216/8 1.2.65536/8 1..2/8 .1/8 1./8 0x/8 0xg/8 all samehost samenet "all" "samehost" ALL Samenet localhost .example.org *.example.org
db.example.org db.example.org/32 ::1/128 ::/0 ::1/129 fe80::1%1/64 2001:db8::/32 2001:db8:/32 ::ffff:10.0.0.1/128
::ffff:10.0.0.1/96 1:2:3:4:5:6:7:8/128 1:2:3:4:5:6:7::/128 1:2:3:4:5:6:7:8:9/128 ::1:2:3:4:5:6:7/128 ::1:2:3:4:5:6:7:8/128 12345::/16 :::/16
2001:db8::1%5/64 fe80::1%/64 fe80::1%99999999999/64 ff02::1%7/64 ::010.0.0.1/128 ::10.0.0/128
10.0.0.0/8,11.0.0.0/8 10.0.0.0/8, "" /8 / 0/0 0.0.0.0/0 "10.0.0.0/8" 10.0.0.0/"8" 10.0.0.0/8/8 [::1]/128 10.0.0.1:5432
10.0.0.* 10.0.0.0-10.0.0.255 0 1 0x7f000001/32 127.1/8 0b1/8 1e3/8 -1/8 +1/8""".split()
MASKS = """255.0.0.0 255.255.255.255 255.255.255.0 0.0.0.255 255.0.255.0 0.0.0.0 255 0xffffff00 ffff:: ffff:ffff:: 255.255.255.256 scram-sha-256 md5 ::
"255.0.0.0" all 255.0.0.0/8 255.0.0.0,255.0.0.0""".split()
OPTIONS = '''map=x map=sslmap clientcert=1 clientcert=0 clientcert=verify-ca clientcert=verify-full clientcert=no-verify clientcert=Verify-Full clientcert=
clientcert = verify-full clientname=CN clientname=DN clientname=cn clientname= pamservice=postgresql pam_use_hostname=1 pam_use_hostname=true
ldapserver=ldap.example.org ldapbasedn="dc=example,dc=org" "ldapbasedn=dc=example, dc=org" ldapprefix="uid=" ldapsuffix=",dc=example" ldaptls=1 ldaptls=yes
ldapport=389 ldapport=0 ldapport=x ldapport=389x ldapport=-1 ldapport= ldapscheme=ldaps ldapscheme=x ldapbinddn=cn=x ldapbindpasswd=y
ldapsearchattribute=uid ldapsearchfilter=(uid=$username) "ldapurl=ldap://h/dc=example?uid?sub" ldapurl=ldap://h/dc=example??sub?(uid=$username)
ldapurl=ldaps://h:636/dc=x ldapurl=ldapi://x/ ldapurl=http://h/ ldapurl=h ldapurl=ldap://h ldapurl=ldap://h:x/ ldapurl=ldap:///dc=x
ldapurl=ldap://h/dc=x?uid?nonsense ldapurl= ldapurl=LDAP://h/dc=x ldapurl=ldap://h/dc=x?uid,cn?one ldapurl=ldap://h/dc=x?uid?base?(a=b)?x
ldapurl=ldap://h/dc=x?uid?base?(a=b)?x?y ldapurl=ldap://h/dc=x????!x ldapurl=ldap://h/dc=x?? ldapurl=ldap://[::1]:389/dc=x ldapurl=ldap://h/dc=x?uid?sub?
krb_realm=EXAMPLE.ORG include_realm=0 include_realm=true compat_realm=1 upn_username=1
radiusservers=10.0.0.1 "radiusservers=10.0.0.1,10.0.0.2" radiusservers=127.1 radiusservers= "radiusservers=10.0.0.1,," radiussecrets=s "radiussecrets=s,t" radiussecrets=
radiusports=1812 "radiusports=1812,1813" radiusports=x radiusports=0 radiusports='''
OPTIONS += ''' radiusidentifiers=a "radiusidentifiers=a,b" "radiusidentifiers=a,b,c" "radiussecrets=s,t,u" "radiusservers=""10.0.0.1"",""10.0.0.2""" "radiusservers=""10.0.0.1"
"radiussecrets=""a b"",c" "radiussecrets=a b" radiussecrets="""" issuer=https://idp.example.org scope=openid "scope=openid email" validator=x delegate_ident_mapping=1
delegate_ident_mapping=true nonsense nonsense=1 = =x map map= MAP=x ldapServer=x sslmode=require clientcert=verify-full,map=x'''
OPTIONS = OPTIONS.split()
LDAP = [option for option in OPTIONS if "ldap" in option]
RADIUS = [option for option in OPTIONS if "radius" in option]
REGEX_PARTS = r"""a b c app db 1 9 . ^ $ * + ? *? +? ?? {1} {2,} {2,3} {3,2} {256} {255} {1,256} { } {a} {1 {,2} {1,x} {2}? | ( ) (?: (?= (?! (?<= (?<! (?< (?# (?#x) (?x
(?i) (?z) (?q) (?t) *** ***= ***: ***? [ ] [^ [a-z] [z-a] [a- [-a] [a-] []a] [^]a] [[:alpha:]] [[:nonsense:]] [[:word:]] [[: :]] [[.a.]] [[.space.]] [[.hyphen.]-z] [[.nonsense.]] [[.-.]-z] [[..]] [[=a=]] [a[.b.]] [a-b-c]
[[:<:]] [[:>:]] [[:digit:]-z] [a-[:digit:]] [\d] [\D] [\w-z] [a-\d] [\W\S] [\y] [\q] [\]] [\ \d \D \w \W \s \S \m \M \y \Y \A \Z \a \b \B \c \cA \e \f \n \r \t \v
\u \u00e9 \u12 \U \U0000e000 \Uffffffff \U7fffffff \x \x41 \xg \xffffffff \0 \07 \777 \1 \2 \9 \10 \11 \12 \89 \8 \q \g \k \. \- \\ \ é , () (|) (a|) (a) (b) (a\1) ((a)b) (?:a) ** +* ^* $* # -""".split()


def regex(random):
    if random.random() < 0.5:
        body = "".join(random.choice(REGEX_PARTS) for _ in range(random.randint(1, 6)))
    else:
        body = random.choice(["^app", "^(app", "^app$", "^(app|db)$", "app[0-9]+", "app[0-9", "^db\\d{2,4}$", "^(.*)@example\\.org$", "(?i)app", "a{2", "*", "+x", ""])
        for _ in range(random.randint(0, 2)):
            at = random.randint(0, len(body))
            body = body[:at] + random.choice(REGEX_PARTS) + body[at:]
    return body


def field(random, words):
    word = random.choice(words)
    roll = random.random()
    if roll < 0.06:
        return "/" + regex(random)
    if roll < 0.12:
        return '"/' + regex(random).replace('"', "") + '"'
    if roll < 0.2:
        return word + "," + random.choice(words)
    if roll < 0.22:
        return '"' + word + '"'
    if roll < 0.24:
        return word.upper()
    return word


def mutate(random, line):
    for _ in range(random.choice([0, 0, 0, 0, 1, 1, 2])):
        at = random.randint(0, len(line))
        kind = random.random()
        if kind < 0.5:
            line = line[:at] + random.choice(list(' ,"#\t@+/=.:0-%aA\r\\') + ["  ", ", ", '""', " # x", "é", "\u00a0"]) + line[at:]
        elif kind < 0.8 and line:
            line = line[:at] + line[at + 1 :]
        else:
            words = line.split(" ")
            where = random.randrange(len(words))
            if random.random() < 0.5:
                del words[where]
            else:
                words.insert(where, random.choice(words))
            line = " ".join(words)
    return line


def hba_line(random):
    kind = random.choice(KINDS + ["host", "hostssl", "local"])
    if random.random() < 0.03:
        kind = random.choice(["HOST", "hosts", "host,hostssl", '"host"', "hostsll", "include", "include_dir", "tcp", "Local"])
    parts = [kind, field(random, DATABASES), field(random, USERS)]
    method = random.choice(METHODS + ["scram-sha-256", "md5", "cert"])
    if random.random() < 0.05:
        method = random.choice(["MD5", "scram", "scram-sha256", "SCRAM-SHA-256", "krb5", "crypt", '"md5"', "md5,trust", "scram_sha_256", "ssl"])
    if kind.lower() != "local" or random.random() < 0.03:
        if random.random() < 0.6:
            parts.append(random.choice(["10.0.0.0/8", "all", "samenet", "0.0.0.0/0", "::/0", "db.example.org"]))
        else:
            parts.append(random.choice(ADDRESSES))
        if "/" not in parts[-1] and parts[-1][:1].isdigit() and random.random() < 0.8 or random.random() < 0.03:
            parts.append(random.choice(MASKS))
    parts.append(method)
    pool = OPTIONS
    if method == "ldap":
        pool = random.choice([LDAP, LDAP, OPTIONS])
    if method == "radius":
        pool = random.choice([RADIUS, RADIUS, OPTIONS])
        if random.random() < 0.8:
            parts += ["radiusservers=10.0.0.1", "radiussecrets=s"]
    if method == "oauth":
        pool = [option for option in OPTIONS if option[:5] in ("issue", "scope", "valid", "deleg", "map=x")] + ["nonsense=1"]
        if random.random() < 0.8:
            parts += ["issuer=https://idp", "scope=openid"]
    parts += [random.choice(pool) for _ in range(random.choice([0, 0, 0, 1, 1, 2, 3]))]
    return mutate(random, random.choice([" ", " ", "\t", "   "]).join(parts))


def ident_line(random):
    system = random.choice(["app", "/^(.*)@example\\.org$", "root", '"a b"', "/" + regex(random), '"/' + regex(random) + '"', "a,b", "@names.txt"])
    user = random.choice(["app", "\\1", "all", "+dba", "/^app", "/" + regex(random), "postgres", "a,b", '"all"'])
    parts = [random.choice(["users", "cert", "a,b", '"m"']), system, user]
    if random.random() < 0.1:
        parts.append("more")
    if random.random() < 0.1:
        parts.pop()
    return mutate(random, " ".join(parts))


def plain(line):
    """Whether a line is asked alone: it does not go on in the next one, and names nothing that only some servers have."""
    if re.search(r"%[0-9]*[^0-9/\s]|%/", line) or line.rstrip("\r").endswith("\\") or "\0" in line or "\n" in line:
        return False
    servers_of_radius = re.findall(r"radiusservers=(\S*)", line)
    if any(not re.fullmatch(r'("*(10\.0\.0\.[12]|127\.1)"*,*)*', text) for text in servers_of_radius):
        return False
    words = line.replace(",", " ").split()
    return not any(word.lstrip('"').startswith("@") and word != "@names.txt" for word in words) and not (
        len(words) == 2 and words[0].strip('"').startswith("include")
    )


def ask(server, file, view, lines):
    """The error of each line, None for one that is taken."""
    data = server.data()
    (data / "names.txt").write_text("app\nbilling\n")
    path = data / file
    path.write_bytes("".join(line + "\n" for line in lines).encode())
    os.chmod(path, 0o644)
    # A line that is refused has no columns but these; the reason is missing for some options of RADIUS. A line that is
    # taken may have a remark about the server in the place of a reason.
    first = "type" if file == "pg_hba.conf" else "map_name"
    rows = server.query(
        f"select line_number, case when {first} is null then coalesce(error, 'no reason') end as error from {view}"
    )
    path.write_text("local all all trust\n" if file == "pg_hba.conf" else "")
    errors = [None] * len(lines)
    for row in rows:
        at = int(row["line_number"]) - 1
        errors[at] = row["error"] or None
    return errors


def verdict(error):
    if error is None:
        return "y"
    if any(words in error for words in UNASKED):
        return "."
    return "n"


def verdicts(lines, kind, majors, log):
    columns = {major: ["."] * len(lines) for major in MAJORS}
    file, view = ("pg_hba.conf", "pg_hba_file_rules") if kind == "hba" else ("pg_ident.conf", "pg_ident_file_mappings")
    for major in majors:
        # The view of pg_ident.conf came with 15.
        if kind == "ident" and major < 15:
            continue
        errors = ask(servers.Server(major), file, view, lines)
        columns[major] = [verdict(error) for error in errors]
        for line, error in zip(lines, errors):
            log.write(f"{major}\t{error}\t{line}\n")
    for native in sorted(pathlib.Path("/usr/lib/postgresql").glob("*")):
        if int(native.name) in majors:
            errors = ask(Debian(native), file, view, lines)
            for at, error in enumerate(errors):
                log.write(f"debian\t{error}\t{lines[at]}\n")
                if columns[int(native.name)][at] == ".":
                    columns[int(native.name)][at] = verdict(error)
    return ["".join(columns[major][at] for major in MAJORS) for at in range(len(lines))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lines", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("majors", nargs="*", type=int)
    choice = parser.parse_args()
    majors = choice.majors or list(MAJORS)
    source = random.Random(choice.seed)
    rows = []
    out = choice.out or pathlib.Path(tempfile.mkdtemp(prefix="m1c-hba-")) / "verdicts.txt"
    with open(str(out) + ".log", "w") as log:
        for kind, make, count in (("hba", hba_line, choice.lines), ("ident", ident_line, choice.lines // 2)):
            lines = set()
            while len(lines) < count:
                line = make(source)
                if plain(line):
                    lines.add(line)
            lines = sorted(lines)
            found = verdicts(lines, kind, majors, log)
            rows += [f"{kind} {letters} {json.dumps(line, ensure_ascii=False)}\n" for letters, line in zip(found, lines)]
    out.write_text("".join(rows))
    judged = sum(letter != "." for row in rows for letter in row.split(" ")[1])
    print(f"{len(rows)} lines, {judged} verdicts: {out}", flush=True)
    done = subprocess.run(
        ["cargo", "test", "--quiet", "hba_verdicts"], env=os.environ | {"M1C_HBA_VERDICTS": str(out)}, cwd=HERE.parent.parent
    )
    if choice.record and done.returncode == 0:
        (HERE / "hba.txt").write_text("".join(rows[:: max(1, len(rows) // 600)]))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
