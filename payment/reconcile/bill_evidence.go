package reconcile

import (
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// keepBills keeps the proofs of the bills that a run has read.
func keepBills(tx *store.Tx, m *payment.Merchant, j *joined) error {
	for _, e := range []*proof.Evidence{j.proof, j.flowProof} {
		if e == nil {
			continue
		}
		e.Merchant = m.Name
		if err := proof.KeepEvidence(tx, e); err != nil {
			return err
		}
	}
	return nil
}
