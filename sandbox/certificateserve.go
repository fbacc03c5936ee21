package sandbox

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

// serveCertificates answers GET /v3/certificates: every certificate still
// valid, old and new, so that both verify during a rotation.
func (s *payService) serveCertificates(c *payCall) (any, error) {
	certs := c.m.certificates()
	if len(certs) == 0 {
		return nil, &apiError{status: 404, code: "RESOURCE_NOT_EXISTS",
			message: "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥"}
	}
	var reply struct {
		Data []certificateItem `json:"data"`
	}
	for _, cert := range certs {
		nonce := randomHex(12)
		sealed, err := sealGCM(c.m.apiKey(), nonce, "certificate", []byte(cert.pem))
		if err != nil {
			return nil, err
		}
		reply.Data = append(reply.Data, certificateItem{
			SerialNo:      cert.serial,
			EffectiveTime: formatTime(cert.from),
			ExpireTime:    formatTime(cert.to),
			EncryptCertificate: encryptedCertificate{
				Algorithm: "AEAD_AES_256_GCM", Nonce: nonce,
				AssociatedData: "certificate", Ciphertext: sealed,
			},
		})
	}
	return reply, nil
}
