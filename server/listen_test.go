package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// taken returns an address that this process listens on and does not answer at.
func taken(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}

// thisProcess is how a fault names the process that runs the tests.
func thisProcess(t *testing.T) string {
	t.Helper()
	comm, err := os.ReadFile("/proc/self/comm")
	if err != nil {
		return "another program" // it cannot be known here
	}
	return fmt.Sprintf("%s (pid %d)", strings.TrimSpace(string(comm)), os.Getpid())
}

// A taken address stops the server with one line, and nothing of it is left.
func TestTakenAddressStopsTheServer(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"server.listen", "sandbox.listen"} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			s := newShell(t)
			address := taken(t)
			s.env = append(s.env, "WUYEPAY_SERVER__LISTEN=127.0.0.1:0",
				"WUYEPAY_"+strings.ToUpper(strings.Replace(key, ".", "__", 1))+"="+address)
			code, out, errOut := s.run("", "serve", "--config", "../config.yaml")
			want := fmt.Sprintf("error: %s: %s is taken by %s; stop that program, or set %s to another address\n",
				key, address, thisProcess(t), key)
			if code != exitFailed || out != "" || errOut != want {
				t.Errorf("exit %d, %q, %q; want exit %d and %q", code, out, errOut, exitFailed, want)
			}
			if left, err := filepath.Glob(filepath.Join(s.dir, "*", "state.jsonl")); err != nil || len(left) > 0 {
				t.Errorf("the sandbox has started: %v, %v", left, err)
			}
		})
	}
}

// A command that asks WeChat uses the sandbox of the server beside it, and nothing
// else that listens at its address.
func TestCommandsBesideTheServer(t *testing.T) {
	t.Parallel()
	foreign := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(foreign.Close)
	cfg := newConfig(t, "2026-03-16T11:00:00+08:00")
	w := start(t, cfg)
	s := &shell{t: t, env: []string{"WUYEPAY_DATABASE__DRIVER=" + cfg.Database.Driver, "WUYEPAY_DATABASE__DSN=" + cfg.Database.DSN,
		"WUYEPAY_SECURITY__DATA_KEY_FILE=" + cfg.Security.DataKeyFile, "WUYEPAY_CLOCK=" + cfg.Clock}}
	at := func(address string) { s.env = append(s.env, "WUYEPAY_SANDBOX__LISTEN="+address) }
	asks := [][]string{{"reconcile", "--date", "2026-03-15"}, {"remind"}, {"job", "discounts"}}
	at(strings.TrimPrefix(w.sandbox.URL(), "http://"))
	for _, args := range asks {
		if code, out, errOut := s.run("", append(args, "--config", "../config.yaml")...); code != exitDone {
			t.Errorf("%v: exit %d: %s%s", args, code, out, errOut)
		}
	}
	at(strings.TrimPrefix(foreign.URL, "http://"))
	for _, args := range asks {
		code, _, errOut := s.run("", append(args, "--config", "../config.yaml")...)
		if asked := args[0] != "job"; asked != (code == exitFailed) || asked != strings.HasPrefix(errOut, "error: sandbox.listen: ") {
			t.Errorf("%v beside a program that is no sandbox: exit %d: %s", args, code, errOut)
		}
	}
}

// The listing of a machine: sockets that listen, at which addresses, and whose.
func TestHolder(t *testing.T) {
	t.Parallel()
	proc := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(proc, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	line := func(ip net.IP, port int, state, inode string) string {
		return fmt.Sprintf(
			"   0: %s:%04X 00000000:0000 %s 00000000:00000000 00:00000000 00000000  1000        0 %s 1 0000000000000000 100 0 0 10 0\n",
			procAddress(ip), port, state, inode)
	}
	head := "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
	write("net/tcp", head+line(net.IPv4(127, 0, 0, 1).To4(), 18980, "0A", "11")+line(net.IPv4zero.To4(), 80, "0A", "12")+
		line(net.IPv4(127, 0, 0, 1).To4(), 81, "01", "13")+line(net.IPv4(127, 0, 0, 1).To4(), 82, "0A", "99")+"half a line\n")
	write("net/tcp6", head+line(net.IPv6zero, 8080, "0A", "14")+line(net.IPv6loopback, 83, "0A", "15"))
	for pid, inodes := range map[string][]string{"4": {"10"}, "41": {"11", "14"}, "42": {"12", "13"}, "43": {"15"}} {
		write(pid+"/comm", map[string]string{"41": "prometheus\n", "42": "ngi\x1bnx\n", "43": "six\n"}[pid])
		write(pid+"/fd/0", "")
		for _, inode := range inodes {
			if err := os.Symlink("socket:["+inode+"]", filepath.Join(proc, pid, "fd", inode)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for address, want := range map[string]string{
		"127.0.0.1:18980": "41 prometheus",
		":18980":          "41 prometheus", // all addresses are more than one
		"127.0.0.2:18980": "0 ",
		"127.0.0.1:80":    "42 nginx",
		"127.0.0.1:8080":  "41 prometheus",
		"[::1]:83":        "43 six",
		"127.0.0.1:81":    "0 ", // connected, not listening
		"127.0.0.1:82":    "0 ", // of another user
		"127.0.0.1:84":    "0 ",
		"nonsense":        "0 ",
	} {
		pid, name := holder(proc, address)
		if have := fmt.Sprint(pid, " ", name); have != want {
			t.Errorf("%s: %q, want %q", address, have, want)
		}
	}
	if pid, name := holder(filepath.Join(proc, "none"), "127.0.0.1:80"); pid != 0 {
		t.Errorf("without a listing: %d %s", pid, name)
	}
}

// procAddress is an address as it lies in the kernel's memory.
func procAddress(ip net.IP) string {
	var text strings.Builder
	for i := 0; i < len(ip); i += 4 {
		fmt.Fprintf(&text, "%08X", binary.NativeEndian.Uint32(ip[i:]))
	}
	return text.String()
}
