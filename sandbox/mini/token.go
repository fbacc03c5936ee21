package mini

import (
	"crypto/subtle"
	"sync"
	"time"

	"wuyepay/sandbox/crypt"
)

// The life of access tokens and the texts about them.
const (
	tokenLife     = 2 * time.Hour
	tokenOverlap  = 5 * time.Minute // how long an old token works after a new one
	forceSpacing  = 30 * time.Second
	forcesPerDay  = 20
	errcodeTokens = 40001
	invalidToken  = "invalid credential, access_token is invalid or not latest, could get access_token by " +
		"getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r"
)

// tokens holds the access tokens. The two ways to fetch one do not disturb each other.
// Tokens live in real time and are forgotten at a restart.
type tokens struct {
	mu     sync.Mutex
	plain  grant
	stable grant
	valid  map[string]time.Time // by token: when it ends
	killed map[string]int       // by token: the errcode it gets

	forced   int
	forcedAt time.Time
}

// grant is the newest token of one way to fetch it.
type grant struct {
	token string
	until time.Time
}

// tokenReply is the reply to both ways.
type tokenReply struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
}

// issue makes a token and ends its predecessor after overlap. The caller holds mu.
func (t *tokens) issue(g *grant, overlap time.Duration) {
	now := time.Now()
	if t.valid == nil {
		t.valid, t.killed = map[string]time.Time{}, map[string]int{}
	}
	for token, until := range t.valid {
		if now.After(until.Add(tokenLife)) { // no caller uses it any more
			delete(t.valid, token)
			delete(t.killed, token)
		}
	}
	if _, there := t.valid[g.token]; there {
		t.valid[g.token] = now.Add(overlap)
	}
	*g = grant{token: crypt.RandomText(136), until: now.Add(tokenLife)}
	t.valid[g.token] = g.until
}

// check returns why a token is not good, or nil.
func (t *tokens) check(token string) *refusal {
	t.mu.Lock()
	defer t.mu.Unlock()
	until, known := t.valid[token]
	code, killed := t.killed[token]
	switch {
	case token == "":
		return &refusal{41001, "access_token missing"}
	case killed && code == 42001, known && !killed && time.Now().After(until):
		return &refusal{42001, "access_token expired"}
	case killed && code == 40014:
		return &refusal{40014, "invalid access_token"}
	case killed || !known:
		return &refusal{errcodeTokens, invalidToken}
	}
	return nil
}

// InvalidateTokens makes every access token issued so far fail with errcode 40001,
// 40014 or 42001; 0 stands for 40001. The next fetch returns a new token.
func (s *Service) InvalidateTokens(errcode int) {
	t := &s.tokens
	t.mu.Lock()
	defer t.mu.Unlock()
	if errcode == 0 {
		errcode = errcodeTokens
	}
	for token := range t.valid {
		t.killed[token] = errcode
	}
	t.plain, t.stable = grant{}, grant{}
}

// withToken passes on only calls with a good access_token.
func (s *Service) withToken(handle handler) handler {
	return func(c *call) (any, error) {
		if e := s.tokens.check(c.r.URL.Query().Get("access_token")); e != nil {
			return nil, e
		}
		return handle(c)
	}
}

// checkApp checks the app's id and secret.
func (s *Service) checkApp(appID, secret string) *refusal {
	if appID != s.core.Config.AppID {
		return &refusal{40013, "invalid appid"}
	}
	if subtle.ConstantTimeCompare([]byte(secret), []byte(s.core.Config.AppSecret)) != 1 {
		return &refusal{40125, "invalid appsecret"}
	}
	return nil
}

// serveToken returns a new token at each call. That is why two servers that both use it
// disturb each other.
func (s *Service) serveToken(c *call) (any, error) {
	q := c.r.URL.Query()
	if q.Get("grant_type") != "client_credential" {
		return nil, &refusal{40002, "invalid grant_type"}
	}
	if e := s.checkApp(q.Get("appid"), q.Get("secret")); e != nil {
		return nil, e
	}
	t := &s.tokens
	t.mu.Lock()
	defer t.mu.Unlock()
	t.issue(&t.plain, tokenOverlap)
	return tokenReply{t.plain.token, int(tokenLife / time.Second)}, nil
}

// serveStableToken returns the same token to all callers until its last minutes.
func (s *Service) serveStableToken(c *call) (any, error) {
	var in struct {
		GrantType    string `json:"grant_type"`
		AppID        string `json:"appid"`
		Secret       string `json:"secret"`
		ForceRefresh bool   `json:"force_refresh"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.GrantType != "client_credential" {
		return nil, &refusal{40002, "invalid grant_type"}
	}
	if e := s.checkApp(in.AppID, in.Secret); e != nil {
		return nil, e
	}
	t := &s.tokens
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	switch {
	case in.ForceRefresh:
		if t.forced >= forcesPerDay || now.Sub(t.forcedAt) < forceSpacing {
			return nil, &refusal{45009, "reach max api daily quota limit"}
		}
		t.forced, t.forcedAt = t.forced+1, now
		t.issue(&t.stable, 0)
	case t.stable.until.Sub(now) < tokenOverlap: // or there is none yet
		t.issue(&t.stable, tokenOverlap)
	}
	return tokenReply{t.stable.token, int(t.stable.until.Sub(now).Round(time.Second) / time.Second)}, nil
}
