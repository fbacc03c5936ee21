package wechatpay

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/consts"
	"github.com/wechatpay-apiv3/wechatpay-go/utils"
)

const (
	certRefreshAfter = 12 * time.Hour   // WeChat asks for at least daily
	certRetryFirst   = 5 * time.Second  // wait after the first failure, doubled up to certRetryMost
	certRetryMost    = 10 * time.Minute // merchants with only a public key get 404 for ever
	certUnknownPause = time.Minute      // pause after a success that did not bring the wanted serial
	certWait         = 3 * time.Second  // longest wait of a notification, which must be answered in 5 s
)

var errNoCertificate = errors.New("no platform certificate")

// platformCerts keeps WeChat Pay's platform certificates by serial. It fetches them
// when they are first needed and again when they are old. For an unknown serial it
// fetches at most once in a while: forged serials must not cause a storm of requests.
// The SDK's own downloader is not used, because it fetches in its constructor, races
// with its own refresh and panics on incomplete replies.
type platformCerts struct {
	client  *core.Client // signs, does not verify: the reply is authenticated by the APIv3 key that decrypts it
	ring    keyRing
	timeout time.Duration
	// patience is the longest that a notification waits.
	patience time.Duration
	now      func() time.Time
	stop     context.Context
	cancel   context.CancelFunc

	mu       sync.Mutex
	bySerial map[string]*x509.Certificate
	newest   string
	loadedAt time.Time
	nextTry  time.Time // no request before this instant
	failures int
	running  chan struct{} // closed when the download in flight has ended
}

func newPlatformCerts(client *core.Client, ring keyRing, timeout time.Duration) *platformCerts {
	p := &platformCerts{client: client, ring: ring, timeout: timeout, patience: certWait, now: realNow}
	p.stop, p.cancel = context.WithCancel(context.Background())
	return p
}

func (p *platformCerts) close() { p.cancel() }

// Get returns the certificate of a serial. It downloads the list if the serial is
// unknown and a download is due.
func (p *platformCerts) Get(ctx context.Context, serial string) (*x509.Certificate, bool) {
	serial = strings.ToUpper(serial)
	if !serialPattern.MatchString(serial) {
		return nil, false // a public-key id or nonsense: no platform certificate can have it
	}
	cert, stale := p.lookup(serial)
	if cert != nil {
		if stale {
			p.startDownload() // in the background; the known certificate still serves
		}
		return cert, true
	}
	p.wait(ctx)
	cert, _ = p.lookup(serial)
	return cert, cert != nil
}

// GetAll returns a copy of the known certificates.
func (p *platformCerts) GetAll(context.Context) map[string]*x509.Certificate {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make(map[string]*x509.Certificate, len(p.bySerial))
	for serial, cert := range p.bySerial {
		all[serial] = cert
	}
	return all
}

// GetNewestSerial returns the serial of the certificate that WeChat Pay should sign its
// replies with.
func (p *platformCerts) GetNewestSerial(context.Context) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.newest
}

// ensure returns an error unless at least one certificate is known.
func (p *platformCerts) ensure(ctx context.Context) error {
	if p.GetNewestSerial(ctx) == "" {
		p.wait(ctx)
	}
	newest := p.GetNewestSerial(ctx)
	if newest == "" {
		return errNoCertificate
	}
	if _, stale := p.lookup(newest); stale {
		p.startDownload()
	}
	return nil
}

// lookup returns a certificate that is valid now, and reports whether the list should
// be renewed.
func (p *platformCerts) lookup(serial string) (*x509.Certificate, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	cert := p.bySerial[serial]
	// The beginning is not checked: WeChat Pay lists a certificate days before it is used, and everything that
	// the APIv3 key decrypts is WeChat Pay's. The end is: the key of an ended one may have leaked.
	if cert != nil && now.After(cert.NotAfter) {
		cert = nil
	}
	return cert, now.Sub(p.loadedAt) > certRefreshAfter
}

// wait starts a download if one is due and waits for the one in flight, bounded by ctx
// and certWait.
func (p *platformCerts) wait(ctx context.Context) {
	running := p.startDownload()
	if running == nil {
		return
	}
	timer := time.NewTimer(p.patience)
	defer timer.Stop()
	select {
	case <-running:
	case <-ctx.Done():
	case <-timer.C:
	}
}

// startDownload returns the download in flight, a new one if one is due, or nil.
func (p *platformCerts) startDownload() chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running != nil {
		return p.running
	}
	if p.now().Before(p.nextTry) || p.stop.Err() != nil {
		return nil
	}
	done := make(chan struct{})
	p.running = done
	go func() {
		ctx, cancel := context.WithTimeout(p.stop, p.timeout)
		defer cancel()
		certs, newest, err := p.download(ctx)
		p.finish(certs, newest, err)
		close(done)
	}()
	return done
}

// finish stores the result and decides when the next download may start.
func (p *platformCerts) finish(certs map[string]*x509.Certificate, newest string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = nil
	if err != nil {
		pause := certRetryFirst << min(p.failures, 10)
		p.failures++
		p.nextTry = p.now().Add(min(pause, certRetryMost))
		return
	}
	p.bySerial, p.newest, p.failures = certs, newest, 0
	p.loadedAt = p.now()
	p.nextTry = p.loadedAt.Add(certUnknownPause)
}

// download fetches and decrypts the list (pay.weixin.qq.com/doc/v3/merchant/4012068814).
func (p *platformCerts) download(ctx context.Context) (map[string]*x509.Certificate, string, error) {
	result, err := p.client.Get(ctx, consts.WechatPayAPIServer+"/v3/certificates")
	if err != nil {
		return nil, "", errNoCertificate
	}
	defer result.Response.Body.Close()
	body, err := io.ReadAll(result.Response.Body)
	if err != nil {
		return nil, "", errNoCertificate
	}
	return p.decode(body)
}

// decode reads the reply of /v3/certificates. One unusable entry does not spoil the others.
func (p *platformCerts) decode(body []byte) (map[string]*x509.Certificate, string, error) {
	var list struct {
		Data []struct {
			SerialNo string   `json:"serial_no"`
			Sealed   resource `json:"encrypt_certificate"`
		} `json:"data"`
	}
	if json.Unmarshal(body, &list) != nil {
		return nil, "", errNoCertificate
	}
	certs := make(map[string]*x509.Certificate)
	for _, entry := range list.Data {
		plain, err := entry.Sealed.open(p.ring)
		if err != nil {
			continue
		}
		cert, err := utils.LoadCertificate(string(plain))
		if err != nil {
			continue
		}
		// The SDK's verifier asserts this type and would panic on any other key.
		if _, ok := cert.PublicKey.(*rsa.PublicKey); !ok {
			continue
		}
		certs[strings.ToUpper(entry.SerialNo)] = cert
	}
	if len(certs) == 0 {
		return nil, "", errNoCertificate
	}
	return certs, newestOf(certs, p.now()), nil
}

// newestOf returns the serial to ask replies by: the latest one in force. One that
// begins tomorrow must not be asked for today. If none is in force it returns any of
// them.
func newestOf(certs map[string]*x509.Certificate, now time.Time) string {
	newest := ""
	better := func(a, b *x509.Certificate) bool {
		aNow, bNow := !a.NotBefore.After(now), !b.NotBefore.After(now)
		if aNow != bNow {
			return aNow
		}
		return a.NotBefore.After(b.NotBefore)
	}
	for serial, cert := range certs {
		if newest == "" || better(cert, certs[newest]) {
			newest = serial
		}
	}
	return newest
}

// resource is an AEAD_AES_256_GCM envelope, in notifications and in the certificate
// list.
type resource struct {
	Algorithm      string `json:"algorithm"`
	Ciphertext     string `json:"ciphertext"`
	AssociatedData string `json:"associated_data"`
	Nonce          string `json:"nonce"`
	OriginalType   string `json:"original_type"`
}

// open decrypts the envelope with whichever key of the ring it is for. A nonce of
// another length would make the cipher panic.
func (r *resource) open(ring keyRing) ([]byte, error) {
	if r.Algorithm != "AEAD_AES_256_GCM" {
		return nil, errors.New("unexpected encryption algorithm")
	}
	sealed, err := base64.StdEncoding.DecodeString(r.Ciphertext)
	if err != nil {
		return nil, errors.New("ciphertext is not base64")
	}
	for _, aead := range ring {
		if len(r.Nonce) != aead.NonceSize() {
			return nil, errors.New("nonce has the wrong length")
		}
		// Not in place, because the next key needs the ciphertext too.
		if plain, err := aead.Open(nil, []byte(r.Nonce), sealed, []byte(r.AssociatedData)); err == nil {
			return plain, nil
		}
	}
	return nil, errors.New("ciphertext cannot be decrypted with the APIv3 key")
}
