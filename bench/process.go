package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"wuyepay/models"
	"wuyepay/models/store"
)

// process is a program under test, and the address it listens on.
type process struct {
	cmd     *exec.Cmd
	address string
	log     string
}

// configText is a configuration as in production. WeChat is another process, receipts
// are sent as messages, and requests are not limited.
const configText = `environment: development
server: {listen: %[1]q, public_url: "http://%[1]s", requests_per_second: 0}
security: {data_key_file: %[2]q}
database: {driver: %[3]q, dsn: %[4]q}
miniprogram:
  app_id: %[5]q
  app_secret: bench
  base_url: %[6]q
  message_token: bench
  templates:
    payment_received: {id: bench, keywords: {room: thing1, amount: amount2, paid_at: time3, order_no: character_string4}}
wechatpay:
  base_url: %[6]q
  merchants:
    main:
      mch_id: %[7]q
      certificate_serial: %[8]q
      private_key_file: %[9]q
      api_v3_key: %[10]q
      public_key_id: %[11]q
      public_key_file: %[12]q
sandbox: {enabled: false}
`

func (b *bed) writeConfig(db store.Config, address, wechatURL string) (string, error) {
	in := func(name string) string { return filepath.Join(b.dir, name) }
	text := fmt.Sprintf(configText, address, in("data.key"), db.Driver, db.DSN, appID, wechatURL, mchID, certSerial, in("merchant.pem"),
		apiV3Key, publicKeyID, in("wechatpay.pem"))
	path := in("config-" + models.NewID() + ".yaml")
	return path, os.WriteFile(path, []byte(text), 0o600)
}

// nobody is an address where nothing listens, for measurements that never ask WeChat.
const nobody = "http://127.0.0.1:9"

// startServer runs the real server on a database and waits until it is ready.
func (b *bed) startServer(ctx context.Context, db store.Config, wechatURL string, environ ...string) (*process, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	config, err := b.writeConfig(db, address, wechatURL)
	if err != nil {
		return nil, err
	}
	return b.start(ctx, environ, address, b.binary, "--config", config)
}

// startChild runs this program once more as a floor.
func (b *bed) startChild(ctx context.Context, name string, args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	return b.start(ctx, nil, address, self, append([]string{"-child", name, address}, args...)...)
}

// start runs a program with additions to its environment.
func (b *bed) start(ctx context.Context, environ []string, address, program string, args ...string) (*process, error) {
	p := &process{address: address, log: filepath.Join(b.dir, models.NewID()+".log")}
	log, err := os.Create(p.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p.cmd = exec.CommandContext(ctx, program, args...)
	p.cmd.Env = append(os.Environ(), environ...)
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = b.dir, log, log
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if err := p.waitReady(); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// waitReady polls /readyz every millisecond.
func (p *process) waitReady() error {
	client := &http.Client{Timeout: 5 * time.Second}
	defer client.CloseIdleConnections()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		res, err := client.Get("http://" + p.address + "/readyz")
		if err != nil {
			continue
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return nil
		}
	}
	text, _ := os.ReadFile(p.log)
	return fmt.Errorf("not ready: %s", bytes.TrimSpace(text[max(0, len(text)-2000):]))
}

// cpu returns the processor time that the process has used, in user and kernel mode.
func (p *process) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	// After the name in brackets: state is field 3, utime and stime are 14 and 15.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	var ticks int64
	for _, i := range []int{11, 12} {
		n, err := strconv.ParseInt(string(fields[i]), 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * (time.Second / 100), nil // USER_HZ is 100 on Linux
}

// stop ends the process with SIGTERM, as an operator would.
func (p *process) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && !exit.Exited() { // a floor ends by the signal
		return nil
	}
	if err != nil {
		text, _ := os.ReadFile(p.log)
		err = fmt.Errorf("%w: %s", err, bytes.TrimSpace(text[max(0, len(text)-2000):]))
	}
	return err
}
