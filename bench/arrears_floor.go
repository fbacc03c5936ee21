package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"wuyepay/billing"
	"wuyepay/handlers"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/store"
)

// arrearsReader is the floor of the arrears. It has the same front door, arithmetic and
// encoding. Between them are three prepared statements on the bare driver, which read
// only the columns that the answer needs.
type arrearsReader struct {
	user, room, bills *sql.Stmt
}

// arrearsFloor serves the floor. Its arguments are the address and the DSN.
func arrearsFloor(ctx context.Context, args []string) error {
	db, err := openRaw(store.Config{Driver: "mysql", DSN: args[1]})
	if err != nil {
		return err
	}
	defer db.Close()
	prepare := func(query string) *sql.Stmt {
		st, prepareErr := db.PrepareContext(ctx, query)
		err = errors.Join(err, prepareErr)
		return st
	}
	r := &arrearsReader{
		user: prepare(`SELECT u.id, u.app_id, u.openid FROM sessions s JOIN users u ON u.id = s.subject_id
			WHERE s.token_hash = ? AND s.subject = 'user' AND s.expires_at > ?`),
		room: prepare(`SELECT r.id, r.code, r.building, r.unit, r.number, r.prepaid_fen, b.role, c.name
			FROM bindings b JOIN rooms r ON r.id = b.room_id JOIN communities c ON c.id = r.community_id
			WHERE b.user_id = ? AND b.room_id = ?`),
		bills: prepare(`SELECT id, item, period_start, period_end, issued_on, due_on, status, principal_fen, discount_fen,
			opening_paid_fen, paid_principal_fen,
			paid_late_fee_fen, waived_late_fee_fen, late_rate, grace_days, late_cap, basis, disputed
			FROM bills WHERE room_id = ? AND status IN ('unpaid','partial') ORDER BY due_on, period_start, id`),
	}
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	api := handlers.NewHuma(mux)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	a := &handlers.API{Log: slog.New(slog.NewJSONHandler(os.Stderr, nil))}
	handlers.Handle(api, a, huma.Operation{OperationID: "arrears", Method: "GET", Path: "/api/v1/rooms/{room_id}/arrears",
		Middlewares: huma.Middlewares{r.signedIn}}, r.arrears)
	server := &http.Server{Addr: args[0], Handler: accessLog(a.Log, mux), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// accessLog is the part of the front door that every request passes through: it assigns
// an id and logs a line.
func accessLog(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		id := models.NewID()
		w.Header().Set("X-Request-ID", id)
		next.ServeHTTP(w, r)
		log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("method", r.Method), slog.Duration("took", time.Since(begun)),
			slog.String("request_id", id))
	})
}

type floorUser struct{}

func (r *arrearsReader) signedIn(ctx huma.Context, next func(huma.Context)) {
	token := strings.TrimPrefix(ctx.Header("Authorization"), "Bearer ")
	sum := sha256.Sum256([]byte(token))
	var u estate.User
	err := r.user.QueryRowContext(ctx.Context(), hex.EncodeToString(sum[:]), time.Now().UnixMilli()).Scan(&u.ID, &u.AppID, &u.OpenID)
	if err != nil {
		ctx.SetStatus(http.StatusUnauthorized)
		return
	}
	next(huma.WithValue(ctx, floorUser{}, u))
}

func (r *arrearsReader) arrears(ctx context.Context, in *handlers.RoomIn) (*handlers.ArrearsOut, error) {
	var room estate.BoundRoom
	err := r.room.QueryRowContext(ctx, ctx.Value(floorUser{}).(estate.User).ID, in.RoomID).
		Scan(&room.ID, &room.Code, &room.Building, &room.Unit, &room.Number, &room.PrepaidFen, &room.Role, &room.CommunityName)
	if err != nil {
		return nil, err
	}
	rows, err := r.bills.QueryContext(ctx, room.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	a := billing.Arrears{AsOf: models.DateOf(time.Now()), Bills: make([]billing.BillState, 0, 24)}
	for rows.Next() {
		var b fees.Bill
		if err := rows.Scan(&b.ID, &b.Item, &b.PeriodStart, &b.PeriodEnd, &b.IssuedOn, &b.DueOn, &b.Status, &b.PrincipalFen,
			&b.DiscountFen, &b.OpeningPaidFen,
			&b.PaidPrincipalFen, &b.PaidLateFeeFen, &b.WaivedLateFeeFen, &b.LateRate, &b.GraceDays, &b.LateCap, &b.Basis,
			&b.Disputed); err != nil {
			return nil, err
		}
		state, err := billing.StateOf(b, billing.History{}, a.AsOf)
		if err != nil {
			return nil, err
		}
		a.Bills = append(a.Bills, state)
		addUp(&a, &state)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return &handlers.ArrearsOut{Body: handlers.ArrearsView(room, a)}, nil
}

// addUp sums by item and year. All bills are of one item, in order of their year.
func addUp(a *billing.Arrears, s *billing.BillState) {
	year := s.PeriodStart.Year()
	if len(a.ByItem) == 0 {
		a.ByItem = append(a.ByItem, billing.ArrearsSum{Item: s.Item})
	}
	if n := len(a.ByYear); n == 0 || a.ByYear[n-1].Year != year {
		a.ByYear = append(a.ByYear, billing.ArrearsSum{Year: year})
	}
	principal := s.OutstandingFen()
	a.PrincipalFen += principal
	a.LateFeeFen += s.LateDueFen
	a.TotalFen += s.DueFen
	for _, sum := range []*billing.ArrearsSum{&a.ByItem[0], &a.ByYear[len(a.ByYear)-1]} {
		sum.PrincipalFen += principal
		sum.LateFeeFen += s.LateDueFen
		sum.TotalFen += s.DueFen
	}
}
