package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/models/modelstest"
)

// shell runs commands as a shell does, over one database. The sandbox's address is
// taken, so that a command that opens its listener fails.
type shell struct {
	t   *testing.T
	dir string
	env []string
}

func newShell(t *testing.T) *shell {
	t.Helper()
	db := modelstest.NewConfig(t)
	dir := t.TempDir()
	key := filepath.Join(dir, "data.key")
	if err := os.WriteFile(key, modelstest.DataKey, 0o600); err != nil {
		t.Fatal(err)
	}
	return &shell{t: t, dir: dir, env: []string{"WUYEPAY_DATABASE__DRIVER=" + db.Driver, "WUYEPAY_DATABASE__DSN=" + db.DSN,
		"WUYEPAY_SECURITY__DATA_KEY_FILE=" + key, "WUYEPAY_CLOCK=2026-03-16T11:00:00+08:00", "WUYEPAY_SANDBOX__LISTEN=" + taken(t)}}
}

// run returns exit code, standard output and standard error.
func (s *shell) run(input string, args ...string) (int, string, string) {
	s.t.Helper()
	var out, errOut bytes.Buffer
	code := run(context.Background(), args, s.env, strings.NewReader(input), &out, &errOut)
	return code, out.String(), errOut.String()
}

func (s *shell) file(name, text string) string {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return path
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	for _, tt := range []struct {
		args []string
		want int
	}{
		{[]string{"check", "--config", "../config.yaml"}, exitDone},
		{[]string{"--config=../config.yaml", "check"}, exitDone},
		{[]string{"--config", "../config.yaml", "migrate"}, exitDone},
		{[]string{"--config", "nowhere.yaml", "check"}, exitFailed},
		{[]string{"check", "--config"}, exitUsage},
		{[]string{"cheque"}, exitUsage},
		{[]string{"check", "now"}, exitUsage},
		{[]string{"import", "rooms"}, exitUsage},
		{[]string{"import", "people", "x.csv"}, exitUsage},
		{[]string{"import", "rooms", "nowhere.xlsx", "--config", "../config.yaml"}, exitFailed},
		{[]string{"bill"}, exitUsage},
		{[]string{"bill", "--period", "2026-13"}, exitUsage},
		{[]string{"reconcile", "--date", "yesterday"}, exitUsage},
		{[]string{"staff", "add", "--username", "x", "--role", "king"}, exitUsage},
		{[]string{"--verbose"}, exitUsage},
		{[]string{"job"}, exitUsage},
		{[]string{"job", "dance"}, exitUsage},
	} {
		if have, _, errOut := s.run("", tt.args...); have != tt.want {
			t.Errorf("%v: exit code %d, want %d: %s", tt.args, have, tt.want, errOut)
		}
	}
}

func TestImportCommand(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	rooms := "小区,房号,业主姓名,联系电话,建筑面积,房屋状态\n测试苑,1-1-101,王五,13900000001,88.00,已入住\n"
	good, bad := s.file("good.csv", rooms), s.file("bad.csv", rooms+"测试苑,1-1-102,赵六,139,88.00,已入住\n测试苑,1-1-103,赵六,13900000002,-1,已入住\n")
	code, out, _ := s.run("", "import", "rooms", bad, "--config", "../config.yaml")
	if code != exitFailed || strings.Count(out, "\n") != 2 || !strings.Contains(out, "第 3 行") || !strings.Contains(out, "第 4 行") {
		t.Errorf("with mistakes: exit %d\n%s", code, out)
	}
	if strings.Contains(out, "赵六") {
		t.Errorf("personal data in the list of mistakes: %s", out)
	}
	if code, out, _ := s.run("", "import", "rooms", good, "--config",
		"../config.yaml"); code != exitDone || !strings.Contains(out, "added 1,") {
		t.Errorf("first time: exit %d: %s", code, out)
	}
	if code, out, _ := s.run("", "import", "rooms", good, "--config",
		"../config.yaml"); code != exitDone || !strings.Contains(out, "added 0, changed 0") {
		t.Errorf("second time: exit %d: %s", code, out)
	}
	if code, out, errOut := s.run("", "check", "--config", "../config.yaml"); code != exitDone {
		t.Errorf("check: exit %d: %s%s", code, out, errOut)
	}
}

func TestStaffAddCommand(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	add := []string{"staff", "add", "--username", "lin", "--role", "steward", "--name", "林晓梅", "--config", "../config.yaml"}
	if code, _, errOut := s.run("short\n", add...); code != exitFailed || strings.Contains(errOut, "short\n") {
		t.Errorf("a short password: exit %d: %s", code, errOut)
	}
	if code, _, errOut := s.run("correct horse battery\n", add...); code != exitDone {
		t.Errorf("exit %d: %s", code, errOut)
	}
	if code, _, errOut := s.run("correct horse battery\n", add...); code != exitFailed || !strings.Contains(errOut, "USERNAME_TAKEN") {
		t.Errorf("a second time: exit %d: %s", code, errOut)
	}
}

// The books that somebody has tampered with are found out.
func TestCheckCommandFindsTampering(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	if code, _, errOut := s.run("", "demo", "--config", "../config.yaml"); code != exitDone {
		t.Fatalf("demo: exit %d: %s", code, errOut)
	}
	if code, out, _ := s.run("", "check", "--config", "../config.yaml"); code != exitDone {
		t.Fatalf("check: exit %d: %s", code, out)
	}
	tamper(t, s.env, "UPDATE bills SET paid_principal_fen = 1")
	code, out, _ := s.run("", "check", "--config", "../config.yaml")
	if code != exitFailed || !strings.Contains(out, "allocations") {
		t.Errorf("tampered: exit %d: %s", code, out)
	}
}

// A database is not opened with another data key than it was made with: what is
// sealed could not be read.
func TestAnotherDataKeyIsRefused(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	if code, _, errOut := s.run("", "check", "--config", "../config.yaml"); code != exitDone {
		t.Fatalf("exit %d: %s", code, errOut)
	}
	s.env = append(s.env, "WUYEPAY_SECURITY__DATA_KEY_FILE="+s.file("other.key", strings.Repeat("k", 32)))
	if code, _, errOut := s.run("", "check", "--config",
		"../config.yaml"); code != exitFailed || !strings.Contains(errOut, "security.data_key_file") {
		t.Errorf("exit %d: %s", code, errOut)
	}
}

// A database with migrations that this program does not know is not touched.
func TestNewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.env = append(s.env, "WUYEPAY_SERVER__LISTEN=127.0.0.1:0")
	if code, _, errOut := s.run("", "migrate", "--config", "../config.yaml"); code != exitDone {
		t.Fatalf("exit %d: %s", code, errOut)
	}
	tamper(t, s.env, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (106, 1)")
	defer tamper(t, s.env, "DELETE FROM goose_db_version WHERE version_id = 106")
	for _, command := range []string{"migrate", "check", "serve"} {
		code, out, errOut := s.run("", command, "--config", "../config.yaml")
		if code != exitFailed || out != "" || strings.Count(errOut, "\n") != 1 || !strings.Contains(errOut, "newer than this program") {
			t.Errorf("%s: exit %d: %s%s", command, code, out, errOut)
		}
	}
}

// Every job of the table can be run by command.
func TestJobCommand(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.env = append(s.env, "WUYEPAY_SANDBOX__LISTEN=127.0.0.1:0")
	a := &app{}
	var table []string
	for _, j := range newJobs(a).table {
		table = append(table, j.name)
	}
	if diff := cmp.Diff(jobNames, table); diff != "" {
		t.Fatalf("commands (-) and table (+):\n%s", diff)
	}
	for _, name := range jobNames {
		code, out, errOut := s.run("", "job", name, "--config", "../config.yaml")
		if code != exitDone || !strings.HasPrefix(out, name+": ") {
			t.Errorf("job %s: exit %d: %s%s", name, code, out, errOut)
		}
	}
}
