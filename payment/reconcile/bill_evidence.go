package reconcile

import (
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// keepBills stores the signed replies that announced the hashes of the bills that a run
// has read. They are written in the transaction of the run's figures, so that no
// figures are stored without their proof. A bill that WeChat does not have has none.
// Every run adds its own replies, also when the bills have not changed.
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
