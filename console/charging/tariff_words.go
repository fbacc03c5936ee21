package charging

import (
	"fmt"

	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/fees"
)

var (
	methodChoices = ui.Options(words.Methods, fees.MethodArea, fees.MethodFixed, fees.MethodMeter, fees.MethodShared,
		fees.MethodOneOff)
	cycleChoices = ui.Options(words.Cycles, fees.CycleMonth, fees.CycleQuarter, fees.CycleHalfYear, fees.CycleYear)
)

// dueText returns when the bills of a tariff are due.
func dueText(t fees.Tariff) string {
	if t.DueAfterDays > 0 {
		return fmt.Sprintf("出账后 %d 天", t.DueAfterDays)
	}
	return fmt.Sprintf("每期 %d 日", t.DueDay)
}
