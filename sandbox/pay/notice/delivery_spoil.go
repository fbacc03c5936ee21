package notice

import (
	"bytes"
	"encoding/json"
	"strings"

	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay/merchant"
)

// spoilContent returns the body to send. It is the envelope unless the fault changes
// the plaintext; then the plaintext is encrypted anew under the same event id.
func spoilContent(m *merchant.Merchant, rec *Record, struck *fault.Fault) ([]byte, error) {
	if fault.KindOf(struck) == fault.NoResource {
		var e envelope
		if err := json.Unmarshal(rec.Body, &e); err != nil {
			return nil, err
		}
		e.Resource = nil
		return json.Marshal(e)
	}
	var plain map[string]any
	decoder := json.NewDecoder(bytes.NewReader(rec.Plain))
	decoder.UseNumber()
	change := func(field, value string) {
		if _, there := plain[field]; there {
			plain[field] = value
		}
	}
	switch fault.KindOf(struck) {
	case fault.WrongTotal, fault.WrongMchID, fault.WrongAppID, fault.WrongOrder:
		if err := decoder.Decode(&plain); err != nil {
			return nil, err
		}
	default:
		return rec.Body, nil
	}
	switch struck.Kind {
	case fault.WrongTotal:
		addFen(plain, "total", "payer_total", "refund", "payer_refund")
	case fault.WrongMchID:
		change("mchid", "1900000109")
		change("sp_mchid", "1900000109")
	case fault.WrongAppID:
		change("appid", "wx0000000000000000")
		change("sp_appid", "wx0000000000000000")
	case fault.WrongOrder:
		change("out_trade_no", "NOBODY"+strings.ToUpper(crypt.RandomHex(12)))
	}
	spoiled, err := json.Marshal(plain)
	if err != nil {
		return nil, err
	}
	return sealEnvelope(m, rec, spoiled)
}

// addFen adds one fen to the amounts of a plaintext.
func addFen(plain map[string]any, fields ...string) {
	amount, _ := plain["amount"].(map[string]any)
	for _, field := range fields {
		if number, ok := amount[field].(json.Number); ok {
			n, _ := number.Int64()
			amount[field] = n + 1
		}
	}
}
