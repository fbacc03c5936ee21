package overview

import "testing"

func TestDetailText(t *testing.T) {
	t.Parallel()
	for kept, want := range map[string]string{
		``:                                     ``,
		`{"role":"steward","username":"zhou"}`: "角色 管家，用户名 zhou",
		`{"role":"payer","source":"form"}`:     "角色 代缴人，方式 房号姓名核对",
		`{"learned_by":"query","amount_fen":100}`: "金额 1.00 元，得知方式 主动查询",
		`["other"]`: `["other"]`,
	} {
		if got := detailText(kept); got != want {
			t.Errorf("%s: %s, want %s", kept, got, want)
		}
	}
}
