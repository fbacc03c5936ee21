package notice

import (
	"encoding/json"

	"wuyepay/sandbox/core"
	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay/merchant"
)

// resourceOut is the encrypted part of a callback.
type resourceOut struct {
	OriginalType   string `json:"original_type"`
	Algorithm      string `json:"algorithm"`
	Ciphertext     string `json:"ciphertext"`
	AssociatedData string `json:"associated_data"`
	Nonce          string `json:"nonce"`
}

// envelope is the body of a callback.
type envelope struct {
	ID           string       `json:"id"`
	CreateTime   string       `json:"create_time"`
	ResourceType string       `json:"resource_type"`
	EventType    string       `json:"event_type"`
	Summary      string       `json:"summary"`
	Resource     *resourceOut `json:"resource,omitempty"`
}

// summaries are the texts of the events for people.
var summaries = map[string]string{
	"TRANSACTION.SUCCESS": "支付成功", "REFUND.SUCCESS": "退款成功",
	"REFUND.ABNORMAL": "退款异常", "REFUND.CLOSED": "退款关闭",
}

// sealEnvelope encrypts a plaintext into the envelope of an event.
func sealEnvelope(m *merchant.Merchant, rec *Record, plain []byte) ([]byte, error) {
	kind := "transaction"
	if rec.Route == fault.RouteNotifyRefund {
		kind = "refund"
	}
	nonce := crypt.RandomText(12)
	sealed, err := crypt.SealGCM(m.APIKey(), nonce, kind, plain)
	if err != nil {
		return nil, err
	}
	return json.Marshal(envelope{
		ID: rec.EventID, CreateTime: core.FormatTime(rec.Created), ResourceType: "encrypt-resource",
		EventType: rec.EventType, Summary: summaries[rec.EventType],
		Resource: &resourceOut{
			OriginalType: kind, Algorithm: "AEAD_AES_256_GCM", Ciphertext: sealed,
			AssociatedData: kind, Nonce: nonce,
		},
	})
}
