package bill

import (
	"crypto/sha1"
	"encoding/hex"
	"io"
	"net/url"
	"slices"
	"time"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay/apiv3"
)

// State overrides the clock for the bills of a day.
type State string

const (
	// Auto is WeChat's rule: a bill is ready at 10:00 of the next business day.
	Auto State = "auto"
	// Ready serves the bill of a past day at any hour.
	Ready State = "ready"
	// Creating answers STATEMENT_CREATING.
	Creating State = "creating"
)

// When a bill is ready, for how long an address is good and how far back bills go.
const (
	billReadyHour = 10
	billTokenLife = 5 * time.Minute
	billMonths    = 3
)

// file writes a bill. It is called for the hash and for the download, and writes the
// same bytes both times without keeping them. A bill of a million rows needs no memory.
type file func(io.Writer) error

// reply is the reply to both bill calls.
type reply struct {
	HashType    string `json:"hash_type"`
	HashValue   string `json:"hash_value"`
	DownloadURL string `json:"download_url"`
}

// SetBillState overrides the clock for the bills of a day. A bill of the same day is
// still refused.
func (s *Service) SetBillState(date string, state State) error {
	if _, err := core.ParseDate(date); err != nil {
		return err
	}
	if !slices.Contains([]State{Auto, Ready, Creating}, state) {
		return apiv3.ParamError("state", state, "取值不在允许范围内")
	}
	s.desk.states.Put(date, state)
	return nil
}

// issue registers a file and answers with its hash and address.
func (s *Service) issue(c *apiv3.Call, file file, gzip bool) (any, error) {
	hash := sha1.New()
	if err := file(hash); err != nil {
		return nil, err
	}
	sum := hex.EncodeToString(hash.Sum(nil))
	if fault.KindOf(c.Struck) == fault.WrongHash {
		sum = crypt.RandomHex(len(sum))
	}
	token := crypt.RandomText(64)
	s.desk.keep(token, ticket{c.Merchant, file, time.Now().Add(billTokenLife)})
	query := url.Values{"token": {token}}
	if gzip {
		query.Set("tartype", "gzip")
	}
	return reply{
		HashType: "SHA1", HashValue: sum,
		// On WeChat's host, as in life. A client that redirects the API redirects this too.
		DownloadURL: "https://api.mch.weixin.qq.com/v3/billdownload/file?" + query.Encode(),
	}, nil
}

// billDay checks bill_date against the calendar.
func (s *Service) billDay(c *apiv3.Call) (string, *apiv3.Error) {
	date := c.Request.URL.Query().Get("bill_date")
	day, err := core.ParseDate(date)
	if err != nil {
		return "", apiv3.ParamError("bill_date", date, "格式应为yyyy-MM-dd")
	}
	now := s.core.Now()
	state, _ := s.desk.states.Get(date)
	ready := day.AddDate(0, 0, 1).Add(billReadyHour * time.Hour)
	switch {
	case date >= core.DateOf(now):
		return "", apiv3.InvalidRequest(268435464, "账单日期必须早于今天")
	case day.Before(now.AddDate(0, -billMonths, -1)):
		return "", apiv3.InvalidRequest(268435464, "仅支持三个月内的账单")
	case state == Creating, state != Ready && now.Before(ready):
		return "", &apiv3.Error{Status: 400, Code: "STATEMENT_CREATING", Numeric: 268435461, Message: "账单生成中，请稍后再试"}
	}
	return date, nil
}

// tarType reads tar_type. It reports whether the file is to be packed.
func tarType(c *apiv3.Call) (gzip bool, e *apiv3.Error) {
	switch t := c.Request.URL.Query().Get("tar_type"); t {
	case "":
		return false, nil
	case "GZIP":
		return true, nil
	default:
		return false, apiv3.ParamError("tar_type", t, "取值不在允许范围内")
	}
}

// noStatement is the answer for a day without trade.
func noStatement() *apiv3.Error {
	return &apiv3.Error{Status: 400, Code: "NO_STATEMENT_EXIST", Numeric: 268435461, Message: "账单文件不存在"}
}
