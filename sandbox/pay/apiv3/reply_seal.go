package apiv3

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/fault"
	"wuyepay/sandbox/pay/merchant"
)

// RequestID makes an id in WeChat's form: characters, a dash and the numeric code,
// which is 0 for success.
func RequestID(numeric int) string {
	return strings.ToUpper(crypt.RandomHex(16)) + crypt.RandomDigits(12) + "-" + strconv.Itoa(numeric)
}

// Seal holds the four headers by which a reply or a callback proves that it is
// WeChat's.
type Seal struct {
	timestamp string
	nonce     string
	signature string
	Serial    string
}

// Write sets the headers.
func (x Seal) Write(h http.Header) {
	h.Set("Wechatpay-Timestamp", x.timestamp)
	h.Set("Wechatpay-Nonce", x.nonce)
	h.Set("Wechatpay-Signature", x.signature)
	h.Set("Wechatpay-Serial", x.Serial)
	h.Set("Wechatpay-Signature-Type", AuthScheme)
}

// SealFor signs a body. A fault may spoil the signature.
func SealFor(by merchant.Signer, body []byte, kind fault.Kind) (Seal, error) {
	at := time.Now()
	if kind == fault.Stale {
		at = at.Add(-2 * maxSkew)
	}
	var err error
	if kind == fault.Forged {
		if by.Key, err = crypt.ForeignKey(); err != nil {
			return Seal{}, err
		}
	}
	x := Seal{timestamp: strconv.FormatInt(at.Unix(), 10), nonce: crypt.RandomText(32), Serial: by.Serial}
	message := make([]byte, 0, len(body)+64)
	message = append(message, x.timestamp...)
	message = append(message, '\n')
	message = append(message, x.nonce...)
	message = append(message, '\n')
	message = append(message, body...)
	message = append(message, '\n')
	if x.signature, err = crypt.SignSHA256(by.Key, message); err != nil {
		return Seal{}, err
	}
	switch kind {
	case fault.SignTest:
		x.signature = "WECHATPAY/SIGNTEST/" + x.signature[:64]
	case fault.WrongSerial:
		x.Serial = "PUB_KEY_ID_0" + crypt.RandomDigits(27)
	}
	return x, nil
}
