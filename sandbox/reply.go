package sandbox

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// requestID has WeChat's form: an id, a dash and the numeric code, 0 for fine.
func requestID(numeric int) string {
	return strings.ToUpper(randomHex(16)) + randomDigits(12) + "-" + strconv.Itoa(numeric)
}

// seal are the four headers that make a message WeChat's, for replies and
// callbacks alike.
type seal struct {
	timestamp string
	nonce     string
	signature string
	serial    string
}

func (x seal) write(h http.Header) {
	h.Set("Wechatpay-Timestamp", x.timestamp)
	h.Set("Wechatpay-Nonce", x.nonce)
	h.Set("Wechatpay-Signature", x.signature)
	h.Set("Wechatpay-Serial", x.serial)
	h.Set("Wechatpay-Signature-Type", authScheme)
}

// sealFor signs a body, spoiled in the way the fault asks for.
func sealFor(by signer, body []byte, kind FaultKind) (seal, error) {
	at := time.Now()
	if kind == FaultStale {
		at = at.Add(-2 * maxSkew)
	}
	var err error
	if kind == FaultForged {
		if by.key, err = foreignKey(); err != nil {
			return seal{}, err
		}
	}
	x := seal{timestamp: strconv.FormatInt(at.Unix(), 10), nonce: randomText(32), serial: by.serial}
	message := make([]byte, 0, len(body)+64)
	message = append(message, x.timestamp...)
	message = append(message, '\n')
	message = append(message, x.nonce...)
	message = append(message, '\n')
	message = append(message, body...)
	message = append(message, '\n')
	if x.signature, err = signSHA256(by.key, message); err != nil {
		return seal{}, err
	}
	switch kind {
	case FaultSignTest:
		x.signature = "WECHATPAY/SIGNTEST/" + x.signature[:64]
	case FaultWrongSerial:
		x.serial = "PUB_KEY_ID_0" + randomDigits(27)
	}
	return x, nil
}

// reply signs and sends an answer, with a signature spoiled if a fault says so.
func (s *payHost) reply(w http.ResponseWriter, r *http.Request, m *merchant, a answer, struck *Fault) {
	kind := struck.kind()
	h := w.Header()
	h.Set("Request-ID", requestID(a.numeric))
	if kind != FaultUnsigned {
		x, err := sealFor(m.replySigner(r.Header.Get("Wechatpay-Serial")), a.body, kind)
		if err != nil {
			s.core.log.Error("sandbox: reply not signed", "error", err)
			writePlain(w, errSystem)
			return
		}
		x.write(h)
	}
	if a.status != http.StatusNoContent {
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	if kind == FaultTruncated {
		w.Write(a.body[:len(a.body)/2])
		cutShort(w)
	}
	w.Write(a.body)
}
