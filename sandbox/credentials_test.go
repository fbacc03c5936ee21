package sandbox_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wuyepay/sandbox"
	"wuyepay/sandbox/sandboxtest"
)

// A second process (a command beside the server) has the same credentials.
func TestLoadCredentials(t *testing.T) {
	t.Parallel()
	cfg := sandbox.Config{Dir: t.TempDir(), Merchants: []sandbox.Merchant{{Name: "main", Mode: sandbox.ModeBoth}}}
	if _, err := sandbox.LoadCredentials(cfg); err == nil {
		t.Error("credentials of a sandbox that never ran")
	}
	s := sandboxtest.Start(t, cfg)
	loaded, err := sandbox.LoadCredentials(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.Credentials(), loaded); diff != "" {
		t.Errorf("loaded credentials:\n%s", diff)
	}
	cfg.Merchants = append(cfg.Merchants, sandbox.Merchant{Name: "new"})
	if _, err := sandbox.LoadCredentials(cfg); err == nil {
		t.Error("credentials of a merchant the running sandbox does not have")
	}
}

// A command that will not call has credentials without a sandbox, and leaves nothing
// behind.
func TestProvisionalCredentials(t *testing.T) {
	t.Parallel()
	cfg := sandbox.Config{Dir: t.TempDir()}
	made, err := sandbox.ProvisionalCredentials(cfg)
	if err != nil || made.AppID == "" || len(made.Merchants) != 1 {
		t.Fatalf("made %#v, %v", made, err)
	}
	if left, err := os.ReadDir(cfg.Dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	s := sandboxtest.Start(t, cfg)
	kept, err := sandbox.ProvisionalCredentials(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.Credentials(), kept); diff != "" {
		t.Errorf("kept credentials:\n%s", diff)
	}
}

func TestConfigTakesOver(t *testing.T) {
	t.Parallel()
	given := sandbox.Merchant{
		Name: "main", MchID: "1900000001", CertificateSerial: "5F1C72E2A8931B72A2E13AF8DEE92471EB397115",
		APIv3Key: "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb", PublicKeyID: "PUB_KEY_ID_0114232134912410000000000000",
		PrivateKeyPEM: sandboxtest.TestKeys()[0], PlatformKeyPEM: sandboxtest.TestKeys()[1],
	}
	s := sandboxtest.Start(t, sandbox.Config{AppID: "wx8888888888888888", AppSecret: "secret", Merchants: []sandbox.Merchant{given},
		Templates: []sandbox.Template{
			{Key: "overdue", ID: "TPL-OVERDUE"},
			{Key: "own", ID: "TPL-OWN", Keywords: []sandbox.Keyword{{Name: "thing1", Label: "房号"}}},
		}})
	c := s.Credentials()
	m := c.Merchants[0]
	if c.AppID != "wx8888888888888888" || c.AppSecret != "secret" || m.MchID != given.MchID ||
		m.CertificateSerial != given.CertificateSerial || m.APIv3Key != given.APIv3Key ||
		m.PublicKeyID != given.PublicKeyID || m.PrivateKeyPEM != given.PrivateKeyPEM {
		t.Errorf("credentials differ from what was given: %#v", m)
	}
	if c.Templates["overdue"] != "TPL-OVERDUE" || c.Templates["own"] != "TPL-OWN" ||
		len(c.Templates) != 6 || c.Templates["due_soon"] == "" {
		t.Errorf("templates = %v", c.Templates)
	}
	if text := strings.Join([]string{c.String(), c.GoString(), m.String(), m.GoString()}, " "); strings.Contains(text, m.APIv3Key) {
		t.Errorf("a key is printed: %s", text)
	}
	sandboxtest.Place(t, s, "PF000001", 100, sandboxtest.Nowhere)
}

func TestConfigFaults(t *testing.T) {
	t.Parallel()
	_, err := sandbox.Start(context.Background(), sandbox.Config{
		MessageAESKey: "short",
		Merchants: []sandbox.Merchant{{Name: ""}, {Name: "a", Mode: "x"}, {Name: "a"},
			{Name: "b", APIv3Key: "sixteen-bytes-ok"}, {Name: "c", SubMchID: "1"}},
	})
	for _, want := range []string{"MessageAESKey", "name", "mode", "32 bytes", "SubMchID"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error does not mention %s: %v", want, err)
		}
	}
	bad := sandbox.Config{Merchants: []sandbox.Merchant{{Name: "a", PrivateKeyPEM: "x"}}}
	if _, err := sandbox.Start(context.Background(), bad); err == nil {
		t.Error("a private key that is none was accepted")
	}
}
