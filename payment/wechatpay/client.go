package wechatpay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core"
	"github.com/wechatpay-apiv3/wechatpay-go/core/auth"
	"github.com/wechatpay-apiv3/wechatpay-go/core/option"
)

// shanghai is the zone of every date that WeChat Pay writes. A fixed zone needs no
// time-zone files, and China has had no summer time since 1991.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Client makes the calls of one merchant. It is safe for concurrent use.
type Client struct {
	cfg       Config
	api       *core.Client   // signs requests and verifies replies
	files     *core.Client   // signs requests; bill files come unsigned
	certs     *platformCerts // downloaded lazily; consulted for serials that are not the public key's
	verifier  auth.Verifier
	ring      keyRing
	transport *http.Transport
	timeout   time.Duration
	limits    billLimits
	now       func() time.Time // real time, also when the business clock is set: signatures need it
}

// New prepares a client. It does not touch the network: platform certificates are
// fetched when they are first needed. The error joins every fault that Config.Validate
// finds.
func New(cfg Config) (*Client, error) {
	if faults := cfg.Validate(); len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	base, err := parseBaseURL(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	private, err := parsePrivateKey(cfg.PrivateKeyPEM)
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg, transport: newTransport(), timeout: cfg.Timeout, limits: defaultBillLimits, now: realNow}
	if c.timeout == 0 {
		c.timeout = DefaultTimeout
	}
	if c.ring, err = newKeyRing(append([]string{cfg.APIv3Key}, cfg.OtherAPIv3Keys...)...); err != nil {
		return nil, fmt.Errorf("%s: %w", cfg.key("api_v3_key"), err)
	}
	credential := option.WithMerchantCredential(cfg.MchID, strings.ToUpper(cfg.CertificateSerial), private)
	json := newHTTPClient(&redirector{base: base, next: c.transport, limit: maxReply}, c.timeout+time.Second)
	// Files have no total time limit, because a large bill is slow. Its download is ended when no data arrives.
	file := newHTTPClient(&redirector{base: base, next: c.transport}, 0)

	unverified, err := core.NewClient(context.Background(), credential, option.WithoutValidator(), option.WithHTTPClient(json))
	if err != nil {
		return nil, errors.New("wechatpay: cannot build the client")
	}
	c.certs = newPlatformCerts(unverified, c.ring, c.timeout)
	if c.verifier, err = newVerifier(cfg, c.certs); err != nil {
		return nil, err
	}
	c.api, err = core.NewClient(context.Background(), credential, option.WithVerifier(c.verifier), option.WithHTTPClient(json))
	if err != nil {
		return nil, errors.New("wechatpay: cannot build the client")
	}
	c.files, err = core.NewClient(context.Background(), credential, option.WithoutValidator(), option.WithHTTPClient(file))
	if err != nil {
		return nil, errors.New("wechatpay: cannot build the client")
	}
	return c, nil
}

// Close drops idle connections and ends a certificate download that may be running.
func (c *Client) Close() {
	c.certs.close()
	c.transport.CloseIdleConnections()
}
