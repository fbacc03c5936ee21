package models

// OrdersAtWechatOn gives the orders on the bills that may still be paid at WeChat
// Pay: those that hold a bill, and those that were closed here without WeChat's
// word.
func (tx *Tx) OrdersAtWechatOn(billIDs []string) ([]string, error) {
	if len(billIDs) == 0 {
		return nil, nil
	}
	var out []string
	in := "(" + marks(len(billIDs)) + ")"
	err := tx.each(func(scan func(...any) error) error {
		var no string
		if err := scan(&no); err != nil {
			return err
		}
		out = append(out, no)
		return nil
	}, "SELECT order_no FROM order_lines WHERE open_bill_id IN "+in+` UNION SELECT o.no FROM order_lines l JOIN orders o ON o.no = l.order_no
		WHERE l.bill_id IN `+in+" AND o.status = 'closed' AND o.closed_at_wechat = 0 ORDER BY 1", append(anys(billIDs), anys(billIDs)...)...)
	return out, err
}
