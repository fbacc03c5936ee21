package estate

import "wuyepay/models"

// ErrSettlement says that a policy is none of those there are.
var ErrSettlement = models.Invalid("SETTLEMENT", "冲抵顺序应为 late_fee_first（先违约金）或 principal_first（先本金）")
