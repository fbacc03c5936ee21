package charging

import (
	"fmt"

	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
)

var cycleWords = map[string]string{models.CycleMonth: "月", models.CycleQuarter: "季", models.CycleHalfYear: "半年", models.CycleYear: "年"}

var (
	methodChoices = ui.Options(words.Methods, models.MethodArea, models.MethodFixed, models.MethodMeter, models.MethodShared, models.MethodOneOff)
	cycleChoices  = ui.Options(cycleWords, models.CycleMonth, models.CycleQuarter, models.CycleHalfYear, models.CycleYear)
)

// dueText says when the bills of a tariff are due.
func dueText(t models.Tariff) string {
	if t.DueAfterDays > 0 {
		return fmt.Sprintf("出账后 %d 天", t.DueAfterDays)
	}
	return fmt.Sprintf("每期 %d 日", t.DueDay)
}
