package pay

import (
	"wuyepay/sandbox/core"
	"wuyepay/sandbox/crypt"
	"wuyepay/sandbox/pay/apiv3"
)

// encryptedCertificate is a certificate sealed with the APIv3 key.
type encryptedCertificate struct {
	Algorithm      string `json:"algorithm"`
	Nonce          string `json:"nonce"`
	AssociatedData string `json:"associated_data"`
	Ciphertext     string `json:"ciphertext"`
}

// certificateItem is one certificate in the reply.
type certificateItem struct {
	SerialNo           string               `json:"serial_no"`
	EffectiveTime      string               `json:"effective_time"`
	ExpireTime         string               `json:"expire_time"`
	EncryptCertificate encryptedCertificate `json:"encrypt_certificate"`
}

// serveCertificates answers GET /v3/certificates with every certificate, old and new. A
// client that has them all can verify during a rotation.
func (s *Service) serveCertificates(c *apiv3.Call) (any, error) {
	certs := c.Merchant.Certificates()
	if len(certs) == 0 {
		return nil, &apiv3.Error{Status: 404, Code: "RESOURCE_NOT_EXISTS",
			Message: "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥"}
	}
	var reply struct {
		Data []certificateItem `json:"data"`
	}
	for _, cert := range certs {
		nonce := crypt.RandomHex(12)
		sealed, err := crypt.SealGCM(c.Merchant.APIKey(), nonce, "certificate", []byte(cert.PEM))
		if err != nil {
			return nil, err
		}
		reply.Data = append(reply.Data, certificateItem{
			SerialNo:      cert.Serial,
			EffectiveTime: core.FormatTime(cert.From),
			ExpireTime:    core.FormatTime(cert.To),
			EncryptCertificate: encryptedCertificate{
				Algorithm: "AEAD_AES_256_GCM", Nonce: nonce,
				AssociatedData: "certificate", Ciphertext: sealed,
			},
		})
	}
	return reply, nil
}
