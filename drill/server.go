package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// server is one process of the real binary, which is killed and started again. It has one
// address and wires of its own.
type server struct {
	bed        *bed
	number     int
	address    string
	toWechat   *proxy
	toDatabase *proxy // nil on SQLite

	mu    sync.Mutex
	cmd   *exec.Cmd
	ended chan struct{}
}

const configText = `environment: development
server: {listen: %q, public_url: "http://%s", requests_per_second: 0}
security: {data_key_file: %q}
database: {driver: %q, dsn: %q}
payment: {order_valid_minutes: 30, surplus: prepaid}
miniprogram:
  app_id: %q
  app_secret: %q
  base_url: %q
  message_token: %q
  message_aes_key: %q
  templates:
    payment_received: {id: %q, keywords: {room: thing1, amount: amount2, paid_at: time3, order_no: character_string4}}
wechatpay:
  base_url: %q
  merchants:
    main: {mch_id: %q, certificate_serial: %q, private_key_file: %q, api_v3_key: %q, public_key_id: %q, public_key_file: %q}
sandbox: {enabled: false}
`

func (s *server) config() string { return s.bed.in(fmt.Sprintf("config-%d.yaml", s.number)) }

func (s *server) configure(dsn string) error {
	creds := s.bed.box.Credentials()
	m, ok := creds.Merchant("main")
	if !ok {
		return errors.New("the sandbox has no merchant")
	}
	for name, text := range map[string]string{"merchant.pem": m.PrivateKeyPEM, "wechatpay.pem": m.PublicKeyPEM} {
		if err := os.WriteFile(s.bed.in(name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	wechat := "http://" + s.toWechat.address()
	text := fmt.Sprintf(configText, s.address, s.bed.front.address(), s.bed.in("data.key"), s.bed.db.Driver, dsn, creds.AppID,
		creds.AppSecret, wechat,
		creds.MessageToken, creds.MessageAESKey, creds.Templates["payment_received"], wechat, m.MchID, m.CertificateSerial,
		s.bed.in("merchant.pem"), m.APIv3Key,
		m.PublicKeyID, s.bed.in("wechatpay.pem"))
	return os.WriteFile(s.config(), []byte(text), 0o600)
}

// command returns a command of the binary, with the configuration of this server and the
// clock set to business time.
func (s *server) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.bed.binary, append([]string{"--config", s.config()}, args...)...)
	cmd.Dir = s.bed.dir
	cmd.Env = append(os.Environ(), "WUYEPAY_CLOCK="+s.bed.clock.Now().Format(time.RFC3339Nano))
	return cmd
}

// start runs the server and waits until it is ready, which may take long while the wires
// are cut.
func (s *server) start(ctx context.Context) error {
	log, err := os.OpenFile(s.bed.in(fmt.Sprintf("server-%d.log", s.number)), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := s.command(ctx)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // mostly it was killed
		close(ended)
	}()
	s.mu.Lock()
	s.cmd, s.ended = cmd, ended
	s.mu.Unlock()
	return s.waitReady(ctx, ended)
}

var errNotReady = errors.New("the server ended before it was ready")

func (s *server) waitReady(ctx context.Context, ended chan struct{}) error {
	client := &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		res, err := client.Get("http://" + s.address + "/readyz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ended:
			return errNotReady
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
	return errors.New("the server is not ready after half a minute")
}

// keepUp starts the server, and starts it again if it ends because it has no database.
func (s *server) keepUp(ctx context.Context) error {
	for try := 0; ; try++ {
		err := s.start(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
		s.kill()
		if try == 20 {
			return fmt.Errorf("server %d: %w", s.number, err)
		}
	}
}

// kill ends the process with SIGKILL and waits for its end. It reports whether the
// process was running.
func (s *server) kill() bool {
	s.mu.Lock()
	cmd, ended := s.cmd, s.ended
	s.cmd = nil
	s.mu.Unlock()
	if cmd == nil {
		return false
	}
	running := true
	select {
	case <-ended:
		running = false
	default:
	}
	_ = cmd.Process.Kill() // it may have ended already
	<-ended
	return running
}

// run runs a command as a company does by hand or by cron, and returns its output.
func (s *server) run(ctx context.Context, args ...string) (string, error) {
	cmd := s.command(ctx, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, lastLine(errs.String()))
	}
	return out.String(), err
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
