package main

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unicode"
)

// listenFault returns what is said when the address of a key of config.yaml cannot
// be listened on. It is one line that names the key, and the program that has the
// address where that can be known.
func listenFault(key, address string, err error) error {
	if !errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s: %w", key, err)
	}
	who := "another program"
	if pid, name := holder("/proc", address); pid != 0 {
		who = fmt.Sprintf("%s (pid %d)", name, pid)
	}
	return fmt.Errorf("%s: %s is taken by %s; stop that program, or set %s to another address", key, address, who, key)
}

// holder returns the process that listens on an address, as proc, Linux's /proc,
// lists it; pid is 0 where it cannot be known. The sockets of another user's
// processes cannot be looked at, and other systems have no such listing.
func holder(proc, address string) (pid int, name string) {
	want, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return 0, ""
	}
	var inodes []string
	for _, table := range []string{"tcp", "tcp6"} {
		inodes = append(inodes, listening(filepath.Join(proc, "net", table), want)...)
	}
	if len(inodes) == 0 {
		return 0, ""
	}
	processes, err := os.ReadDir(proc)
	if err != nil {
		return 0, ""
	}
	for _, p := range processes {
		pid, err := strconv.Atoi(p.Name())
		if err != nil || !hasSocket(filepath.Join(proc, p.Name(), "fd"), inodes) {
			continue
		}
		comm, err := os.ReadFile(filepath.Join(proc, p.Name(), "comm"))
		if err != nil {
			return 0, "" // it has ended meanwhile
		}
		return pid, strings.Map(printable, strings.TrimSpace(string(comm)))
	}
	return 0, ""
}

// printable keeps a process's name, which it can choose itself, on one line.
func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return -1
}

// hasSocket reports whether one of the sockets is open in a process.
func hasSocket(dir string, inodes []string) bool {
	files, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(files, func(f os.DirEntry) bool {
		target, err := os.Readlink(filepath.Join(dir, f.Name()))
		if err != nil {
			return false
		}
		inode, isSocket := strings.CutPrefix(target, "socket:[")
		return isSocket && slices.Contains(inodes, strings.TrimSuffix(inode, "]"))
	})
}

// listening returns the inodes of the sockets of a table that keep others from
// listening on an address. A line begins with
//
//	sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
func listening(table string, want *net.TCPAddr) (inodes []string) {
	const (
		local, state, inode = 1, 3, 9
		listen              = "0A"
	)
	f, err := os.Open(table)
	if err != nil {
		return nil
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) <= inode || fields[state] != listen {
			continue
		}
		ip, port, err := parseProcAddress(fields[local])
		if err == nil && port == want.Port && (ip.IsUnspecified() || len(want.IP) == 0 || want.IP.IsUnspecified() || ip.Equal(want.IP)) {
			inodes = append(inodes, fields[inode])
		}
	}
	return inodes
}

// parseProcAddress reads an address such as 0100007F:1F90, 127.0.0.1:8080: words of
// four bytes as they lie in memory, and a port.
func parseProcAddress(text string) (net.IP, int, error) {
	host, port, _ := strings.Cut(text, ":")
	ip, err := hex.DecodeString(host)
	if err != nil || len(ip) != net.IPv4len && len(ip) != net.IPv6len {
		return nil, 0, fmt.Errorf("no address: %q", text)
	}
	for i := 0; i < len(ip); i += 4 {
		binary.NativeEndian.PutUint32(ip[i:], binary.BigEndian.Uint32(ip[i:]))
	}
	n, err := strconv.ParseUint(port, 16, 16)
	return ip, int(n), err
}
