package sandbox

import (
	"crypto/sha1"
	"encoding/hex"
	"io"
	"net/url"
	"slices"
	"sync"
	"time"
)

// BillState overrules the clock for one day's bills.
type BillState string

const (
	// BillAuto is WeChat's rule: ready at 10:00 of the next business day.
	BillAuto BillState = "auto"
	// BillReady serves a past day's bill whatever the hour.
	BillReady BillState = "ready"
	// BillCreating answers STATEMENT_CREATING.
	BillCreating BillState = "creating"
)

const (
	billReadyHour = 10
	billTokenLife = 5 * time.Minute
	billMonths    = 3
)

// billService makes the bills of past days out of the books.
type billService struct {
	core   *core
	host   *payHost
	pay    *payService
	desk   billDesk
	editor billEditor
}

func newBillService(k *core, h *payHost, p *payService) *billService {
	return &billService{core: k, host: h, pay: p}
}

// billDesk hands out download tokens and remembers overruled days.
type billDesk struct {
	states index[string, BillState]

	mu     sync.Mutex
	tokens map[string]billToken
	order  []string // tokens, oldest first
}

// billToken is one download address, good for its merchant only.
type billToken struct {
	m     *merchant
	file  billFile
	until time.Time // real time
}

// billFile writes a bill. It is called twice, for the hash and for the
// download, and writes the same bytes both times without keeping them: a bill
// of a million rows needs no room.
type billFile func(io.Writer) error

// billReply is what both bill calls answer.
type billReply struct {
	HashType    string `json:"hash_type"`
	HashValue   string `json:"hash_value"`
	DownloadURL string `json:"download_url"`
}

// SetBillState overrules the clock for a day's bills until told otherwise.
// Same-day bills stay refused.
func (s *billService) SetBillState(date string, state BillState) error {
	if _, err := parseDate(date); err != nil {
		return err
	}
	if !slices.Contains([]BillState{BillAuto, BillReady, BillCreating}, state) {
		return paramError("state", state, "取值不在允许范围内")
	}
	s.desk.states.put(date, state)
	return nil
}

// issue registers a file and answers with its hash and address.
func (s *billService) issue(c *payCall, file billFile, gzip bool) (any, error) {
	hash := sha1.New()
	if err := file(hash); err != nil {
		return nil, err
	}
	sum := hex.EncodeToString(hash.Sum(nil))
	if c.struck.kind() == FaultWrongHash {
		sum = randomHex(len(sum))
	}
	token := randomText(64)
	s.desk.keep(token, billToken{c.m, file, time.Now().Add(billTokenLife)})
	query := url.Values{"token": {token}}
	if gzip {
		query.Set("tartype", "gzip")
	}
	return billReply{
		HashType: "SHA1", HashValue: sum,
		// On WeChat's host, as in life: whoever redirects the API redirects this.
		DownloadURL: "https://api.mch.weixin.qq.com/v3/billdownload/file?" + query.Encode(),
	}, nil
}

// keep registers a token and forgets those that ran out; tokens are kept in
// order of age, so that costs nothing to speak of.
func (d *billDesk) keep(token string, t billToken) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.tokens == nil {
		d.tokens = map[string]billToken{}
	}
	for len(d.order) > 0 && time.Now().After(d.tokens[d.order[0]].until) {
		delete(d.tokens, d.order[0])
		d.order = d.order[1:]
	}
	d.tokens[token] = t
	d.order = append(d.order, token)
}

// lookup finds a token that has not run out.
func (d *billDesk) lookup(token string) (billToken, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, ok := d.tokens[token]
	return t, ok && time.Now().Before(t.until)
}

// billDay checks bill_date against the calendar.
func (s *billService) billDay(c *payCall) (string, *apiError) {
	date := c.r.URL.Query().Get("bill_date")
	day, err := parseDate(date)
	if err != nil {
		return "", paramError("bill_date", date, "格式应为yyyy-MM-dd")
	}
	now := s.core.now()
	state, _ := s.desk.states.get(date)
	ready := day.AddDate(0, 0, 1).Add(billReadyHour * time.Hour)
	switch {
	case date >= dateOf(now):
		return "", invalidRequest(268435464, "账单日期必须早于今天")
	case day.Before(now.AddDate(0, -billMonths, -1)):
		return "", invalidRequest(268435464, "仅支持三个月内的账单")
	case state == BillCreating, state != BillReady && now.Before(ready):
		return "", &apiError{status: 400, code: "STATEMENT_CREATING", numeric: 268435461, message: "账单生成中，请稍后再试"}
	}
	return date, nil
}

// tarType reads tar_type; the only packing is GZIP.
func (c *payCall) tarType() (gzip bool, e *apiError) {
	switch t := c.r.URL.Query().Get("tar_type"); t {
	case "":
		return false, nil
	case "GZIP":
		return true, nil
	default:
		return false, paramError("tar_type", t, "取值不在允许范围内")
	}
}

// noStatement is a day without trade: an answer, not a failure.
func noStatement() *apiError {
	return &apiError{status: 400, code: "NO_STATEMENT_EXIST", numeric: 268435461, message: "账单文件不存在"}
}
