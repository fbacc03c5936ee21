package wechatpay

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

// billLimits protect against a bill that is larger than any real one, compressed or
// not. A million rows are 278 MB plain.
type billLimits struct {
	wire  int64         // bytes of a compressed download
	plain int64         // bytes of the bill itself
	stall time.Duration // longest silence during a download
}

var defaultBillLimits = billLimits{wire: 512 << 20, plain: 4 << 30, stall: 30 * time.Second}

// BillFile is a downloaded trade bill, checked against its hash. Close removes its
// temporary file, which holds personal data.
type BillFile struct{ *spool }

// FlowFile is a downloaded fund-flow bill, checked against its hash. Close removes its
// temporary file.
type FlowFile struct{ *spool }

// TradeBill downloads the trade bill of a day (2006-01-02, Asia/Shanghai, not today).
// It has every successful payment and every accepted refund of that day
// (pay.weixin.qq.com/doc/v3/merchant/4013071227). It is ready after 10:00 of the next
// day and kept for three months.
//
// ErrNoStatement is a normal result: nothing was traded. After ErrStatementCreating try
// again in half an hour.
func (c *Client) TradeBill(ctx context.Context, date string) (*BillFile, error) {
	query := url.Values{"bill_type": {"ALL"}}
	if c.partner() {
		query.Set("sub_mchid", c.cfg.SubMchID)
	}
	s, err := c.fetchBill(ctx, opTradeBill, "/v3/bill/tradebill", date, query)
	if err != nil {
		return nil, err
	}
	return &BillFile{s}, nil
}

// FundFlowBill downloads the movements on the merchant's basic account on a day:
// takings, refunds and fees. Dates and errors are those of TradeBill. In partner mode
// it is the service provider's own account.
func (c *Client) FundFlowBill(ctx context.Context, date string) (*FlowFile, error) {
	s, err := c.fetchBill(ctx, opFundFlowBill, "/v3/bill/fundflowbill", date, url.Values{"account_type": {"BASIC"}})
	if err != nil {
		return nil, err
	}
	return &FlowFile{s}, nil
}

// fetchBill fetches the bill's address and hash and downloads the bill at once, because
// the address is good for 5 minutes.
func (c *Client) fetchBill(ctx context.Context, op, path, date string, query url.Values) (*spool, error) {
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return nil, refused(op, "bill date must be yyyy-MM-dd")
	}
	query.Set("bill_date", date)
	query.Set("tar_type", "GZIP")
	var answer Reply
	body, err := c.get(Capture(ctx, &answer), op, path+"?"+query.Encode())
	if err != nil {
		return nil, err
	}
	var reply struct {
		HashType    string `json:"hash_type"`
		HashValue   string `json:"hash_value"`
		DownloadURL string `json:"download_url"`
	}
	if json.Unmarshal(body, &reply) != nil {
		return nil, &Error{Op: op, Kind: ErrUnknown, Reason: "reply is not the expected JSON"}
	}
	sum, err := hex.DecodeString(reply.HashValue)
	if err != nil || len(sum) != 20 || !strings.EqualFold(reply.HashType, "SHA1") {
		return nil, &Error{Op: op, Kind: ErrUnknown, Reason: "reply without a SHA1"}
	}
	at, err := url.Parse(reply.DownloadURL)
	if err != nil || at.Host == "" || (at.Scheme != "https" && at.Scheme != "http") {
		return nil, &Error{Op: op, Kind: ErrUnknown, Reason: "reply without a download address"}
	}
	s, err := c.download(ctx, op, reply.DownloadURL, sum)
	if err != nil {
		return nil, err
	}
	s.Date, s.Reply = date, answer
	return s, nil
}
