package handlers

import (
	"context"

	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
)

// Slip is a 有偿服务单 as the owner sees it.
type Slip struct {
	ID         string     `json:"id"`
	No         string     `json:"no" example:"FW20260315-001" doc:"单号"`
	RoomID     string     `json:"room_id" doc:"房屋 id"`
	Kind       string     `json:"kind" enum:"repair,cleaning,waste,other" doc:"服务类别：维修、保洁、清运、其他"`
	Item       string     `json:"item" example:"维修服务费" doc:"签字后账单的费项"`
	Title      string     `json:"title" example:"更换厨房水龙头" doc:"服务内容"`
	WorkedOn   string     `json:"worked_on" format:"date" doc:"服务日期"`
	DueDays    int        `json:"due_days" doc:"签字后几天内付款"`
	Status     string     `json:"status" enum:"offered,signed,charged,declined,cancelled" doc:"待确认；已签字，不收费；已签字并出账；已拒绝；物业已取消"`
	Lines      []SlipLine `json:"lines" doc:"明细，各行金额之和是 total_fen"`
	TotalFen   models.Fen `json:"total_fen" doc:"合计"`
	Digest     string     `json:"digest" doc:"内容的摘要（SHA-256），签字时带上，就不会签到改过的内容"`
	CanSign    bool       `json:"can_sign" doc:"现在可以由我签字或拒绝"`
	OfferedAt  *string    `json:"offered_at" format:"date-time" doc:"物业发出的时间"`
	SignedAt   *string    `json:"signed_at" format:"date-time" doc:"签字时间；没有签字是 null"`
	SignedHow  string     `json:"signed_how,omitempty" enum:"phone,paper" doc:"在手机上签的，或在纸上签的"`
	SignedByMe bool       `json:"signed_by_me" doc:"是我在手机上签的"`
	BillID     string     `json:"bill_id,omitempty" doc:"签字后的账单"`
	Note       string     `json:"note,omitempty" doc:"拒绝或取消的原因"`
}

// SlipLine is a line of a slip.
type SlipLine struct {
	Kind      string     `json:"kind" enum:"service,part,labour,other" doc:"服务项目、材料配件、人工工时、其他"`
	Name      string     `json:"name" doc:"名称"`
	Quantity  string     `json:"quantity" example:"1.5" doc:"数量"`
	Unit      string     `json:"unit" example:"小时" doc:"单位"`
	Price     string     `json:"price" example:"60.00" doc:"单价，元"`
	AmountFen models.Fen `json:"amount_fen" doc:"数量乘单价，四舍五入到分"`
}

func slipView(s *fees.Slip, lines []fees.SlipLine, userID string, maySign bool) Slip {
	out := Slip{
		ID: s.ID, No: s.No, RoomID: s.RoomID, Kind: s.Kind, Item: s.Item, Title: s.Title, WorkedOn: s.WorkedOn.String(), DueDays: s.DueDays,
		Status: s.Status, Lines: make([]SlipLine, len(lines)), TotalFen: s.TotalFen, Digest: s.Digest,
		CanSign: maySign && s.Status == fees.SlipOffered, OfferedAt: instant(s.OfferedAt), SignedAt: instant(s.SignedAt), SignedHow: s.How,
		SignedByMe: s.How == fees.SignedByPhone && s.Signed == models.UserActor(userID), Note: s.Note,
	}
	for i, l := range lines {
		out.Lines[i] = SlipLine{Kind: l.Kind, Name: l.Name, Quantity: l.Quantity, Unit: l.Unit, Price: l.Price, AmountFen: l.AmountFen}
	}
	if s.BillID != nil {
		out.BillID = *s.BillID
	}
	return out
}

// SlipsIn chooses slips of a room.
type SlipsIn struct {
	RoomIn
	PageIn
	Cursor string `query:"cursor" pattern:"^[0-9A-Z]{26}$" patternDescription:"上一页的 next_cursor" doc:"上一页的 next_cursor"`
	Status string `query:"status" enum:"offered,signed,charged,declined,cancelled" doc:"不给：全部"`
}

// SlipsOut is a page of slips, newest first.
type SlipsOut struct {
	Body struct {
		Slips      []Slip `json:"slips" doc:"新的在前"`
		NextCursor string `json:"next_cursor,omitempty" doc:"还有下一页时才有"`
	}
}

// Slips lists the slips of a room that were offered to its owner, newest first. Those of
// work in another owner's time are left out, so that a page may be shorter than its limit.
func (a *API) Slips(ctx context.Context, in *SlipsIn) (*SlipsOut, error) {
	view := a.DB.View(ctx)
	room, err := estate.BoundRoomOf(view, user(ctx).ID, in.RoomID)
	if err != nil {
		return nil, err
	}
	list, err := fees.OfferedSlips(view, room.ID, in.Status, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &SlipsOut{}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		out.Body.NextCursor = list[in.Limit-1].ID
	}
	sights, err := issuing.SlipSights(view, room, list)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	lines, err := fees.SlipLines(view, ids...)
	out.Body.Slips = []Slip{}
	for i := range list {
		if sights[i].Seen {
			out.Body.Slips = append(out.Body.Slips, slipView(&list[i], lines[list[i].ID], user(ctx).ID, sights[i].MaySign))
		}
	}
	return out, err
}

// SlipIn names a slip.
type SlipIn struct {
	SlipID string `path:"slip_id" doc:"服务单 id"`
}

// SlipOut is one slip.
type SlipOut struct{ Body Slip }

// Slip shows one slip of a room of the user.
func (a *API) Slip(ctx context.Context, in *SlipIn) (*SlipOut, error) {
	body, err := a.slip(ctx, in.SlipID)
	if err != nil {
		return nil, err
	}
	return &SlipOut{Body: *body}, nil
}

// slip returns a slip as the user who asks sees it.
func (a *API) slip(ctx context.Context, id string) (*Slip, error) {
	view := a.DB.View(ctx)
	s, err := fees.SlipByID(view, id)
	if err != nil {
		return nil, err
	}
	sight, err := issuing.SeenSlip(view, user(ctx).ID, s)
	if err != nil {
		return nil, err
	}
	lines, err := fees.SlipLines(view, s.ID)
	body := slipView(&s, lines[s.ID], user(ctx).ID, sight.MaySign)
	return &body, err
}

// OptionalKey is an Idempotency-Key that may be sent.
type OptionalKey struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"128" pattern:"^[!-~]+$" patternDescription:"可见 ASCII 字符" doc:"可以不给。同一个 key 同一个请求，24 小时内回答相同"`
}

// keyed carries a request out: once a key, if there is one.
func keyed[T any](ctx context.Context, a *API, key string, body any, fn func(context.Context) (*T, error)) (*T, error) {
	if key == "" {
		return fn(ctx)
	}
	return idempotent(ctx, a, user(ctx).ID, key, body, func(ctx context.Context, _ *once[T]) (*T, error) { return fn(ctx) })
}

// SignSlipIn is what somebody saw when they signed.
type SignSlipIn struct {
	SlipIn
	OptionalKey
	Body struct {
		ExpectedTotalFen models.Fen `json:"expected_total_fen" minimum:"0" maximum:"100000000000" doc:"手机上显示的合计"`
		Digest           string     `json:"digest" maxLength:"64" required:"false" doc:"手机上显示的内容的摘要；给了就须与现在的内容一致"`
	}
}

// SignSlip signs a slip for its owner. The bill is issued with it.
func (a *API) SignSlip(ctx context.Context, in *SignSlipIn) (*SlipOut, error) {
	body, err := keyed(ctx, a, in.IdempotencyKey, []any{"sign", in.SlipID, in.Body}, func(ctx context.Context) (*Slip, error) {
		_, err := issuing.SignSlip(ctx, a.DB, user(ctx), in.SlipID,
			issuing.SlipConsent{TotalFen: in.Body.ExpectedTotalFen, Digest: in.Body.Digest})
		if err != nil {
			return nil, err
		}
		return a.slip(ctx, in.SlipID)
	})
	if err != nil {
		return nil, err
	}
	return &SlipOut{Body: *body}, nil
}

// DeclineSlipIn says why somebody does not agree.
type DeclineSlipIn struct {
	SlipIn
	OptionalKey
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"200" doc:"为什么不同意，物业会看到"`
	}
}

// DeclineSlip says that the owner does not agree to a slip.
func (a *API) DeclineSlip(ctx context.Context, in *DeclineSlipIn) (*SlipOut, error) {
	body, err := keyed(ctx, a, in.IdempotencyKey, []any{"decline", in.SlipID, in.Body}, func(ctx context.Context) (*Slip, error) {
		if _, err := issuing.DeclineSlip(ctx, a.DB, user(ctx), in.SlipID, in.Body.Reason); err != nil {
			return nil, err
		}
		return a.slip(ctx, in.SlipID)
	})
	if err != nil {
		return nil, err
	}
	return &SlipOut{Body: *body}, nil
}
