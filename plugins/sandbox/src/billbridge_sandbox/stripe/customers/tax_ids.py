"""Tax ids of customers. The account's own, under `/v1/tax_ids`, are not simulated.

The form of a value is checked for the types in `_FORMS` only. European VAT, British VAT and Australian business numbers are verified a
minute after they were given, the others never are ("unavailable"). The numbers 000000000, 111111111 and 222222222 are verified, found wrong
and left pending, as in Stripe's test mode (docs.stripe.com/billing/customer/tax-ids); that every other number is verified is our choice.
"""

from __future__ import annotations

import re
from functools import partial

from billbridge_sandbox.stripe.api.errors import invalid, no_such
from billbridge_sandbox.stripe.api.params import EXPAND, Params, choice, text
from billbridge_sandbox.stripe.endpoints.endpoint import NO_PARAMS, ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.expand import deleted
from billbridge_sandbox.stripe.endpoints.lists import LIST, page
from billbridge_sandbox.stripe.store.account import Account, Json

TYPES = (
    "ad_nrt ae_trn al_tin am_tin ao_tin ar_cuit au_abn au_acn au_arn au_wpn aw_tin az_tin ba_tin bb_tin bd_bin bf_ifu bg_uic bh_vat bj_ifu"
    " bo_tin br_cnpj br_cpf bs_tin bw_vat by_tin ca_bn ca_gst_hst ca_pst_bc ca_pst_mb ca_pst_sk ca_qst cd_nif ch_uid ch_vat ci_vat cl_tin"
    " cm_niu cn_tin co_nit cr_tin cv_nif cz_dic de_stn do_rcn ec_ruc eg_tin es_cif et_tin eu_oss_vat eu_vat fo_vat fr_siren fr_siret"
    " fr_spi gb_vat ge_vat gh_tin gi_tin gn_nif hk_br hr_oib hu_tin ic_nif id_npwp il_vat in_gst is_kt is_vat it_cf jp_cn jp_rn jp_trn"
    " ke_pin kg_tin kh_tin kr_brn kz_bin la_tin li_uid li_vat lk_vat ma_vat md_cf md_vat me_pib mk_vat mr_nif mu_vat mx_rfc my_frp my_itn"
    " my_sst mz_nuit ng_tin no_vat no_voec np_pan nz_bn nz_gst om_vat pe_ruc ph_tin pl_nip pt_nif py_ruc ro_tin rs_pib ru_inn ru_kpp"
    " sa_vat sg_gst sg_uen si_tin sm_coe sn_ninea sr_fin sv_nit th_vat tj_tin tr_tin tt_bir tt_vat tw_vat tz_vat ua_vat ug_tin us_ein"
    " uy_ruc uz_tin uz_vat ve_rif vn_tin za_vat zm_tin zw_tin"
)
_FORMS = {
    "au_abn": r"[0-9]{11}|[0-9]{9}",
    "eu_vat": r"[A-Z]{2}[A-Z0-9+*]{2,12}",
    "gb_vat": r"(GB|XI)[A-Z0-9]{5,12}",
    "us_ein": r"[0-9]{2}-?[0-9]{7}",
}
_VERIFIED = ("au_abn", "eu_vat", "gb_vat")
_OUTCOMES = {"111111111": "unverified", "222222222": "pending"}
_MINUTE = 60
_PAIR = {"type": choice(*TYPES.split()), "value": text}
TAX_ID_DATA = Params(_PAIR, required=("type", "value"))
_CREATE = Params({**EXPAND, **_PAIR}, required=("type", "value"))
_URL = "/v1/customers/{id}/tax_ids"


def check_form(args: Json, param: str) -> None:
    """Check the form of a tax id. Raises StripeError `tax_id_invalid` for a value that does not fit its type."""
    if not re.fullmatch(_FORMS.get(args["type"], r"\S.*"), args["value"].replace(" ", "")):
        raise invalid(f"Invalid value for {args['type']}.", code="tax_id_invalid", param=param)


def new_tax_id(account: Account, customer: str, args: Json) -> Json:
    """Store a tax id whose form was checked."""
    status = "pending" if args["type"] in _VERIFIED else "unavailable"
    country = args["value"][:2] if args["type"] == "eu_vat" else args["type"][:2].upper()
    tax_id: Json = {
        "id": account.ids.next("txi_", 24),
        "object": "tax_id",
        "country": {"EL": "GR"}.get(country, country),
        "created": account.now,
        "customer": customer,
        "customer_account": None,
        "livemode": False,
        "owner": {"customer": customer, "customer_account": None, "type": "customer"},
        "type": args["type"],
        "value": args["value"],
        "verification": {"status": status, "verified_address": None, "verified_name": None},
    }
    if status == "pending":
        account.schedule(tax_id["id"], account.now + _MINUTE, partial(_verify, tax_id))
    return account.put(tax_id)


def _verify(tax_id: Json) -> None:
    tax_id["verification"]["status"] = _OUTCOMES.get(tax_id["value"][-9:], "verified")


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    customer = account.find("customer", ids["id"], "id", 404)
    check_form(args, "value")
    return new_tax_id(account, customer["id"], args)


def _at_path(account: Account, ids: dict[str, str]) -> Json:
    account.find("customer", ids["id"], "id", 404)
    found = account.find("tax_id", ids["tax_id"], "id", 404)
    if found["customer"] != ids["id"]:
        raise no_such("tax_id", ids["tax_id"], "id", 404)
    return found


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return _at_path(account, ids)


def _delete(account: Account, args: Json, ids: dict[str, str]) -> Json:
    found = _at_path(account, ids)
    drop(account, found)
    return deleted(found["id"], "tax_id")


def drop(account: Account, tax_id: Json) -> None:
    """Remove a tax id, verified yet or not."""
    account.unschedule(tax_id["id"])
    account.tables["tax_id"].delete(tax_id["id"])


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    customer = account.find("customer", ids["id"], "id", 404)
    return page(account.where("tax_id", customer=customer["id"]), args, _URL.replace("{id}", customer["id"]), "tax_id")


ENDPOINTS = [
    Endpoint("POST", _URL, _CREATE, _create, "tax_id"),
    Endpoint("GET", _URL, Params(LIST), _list, "tax_id[]"),
    Endpoint("GET", f"{_URL}/{{tax_id}}", ONLY_EXPAND, _retrieve, "tax_id"),
    Endpoint("DELETE", f"{_URL}/{{tax_id}}", NO_PARAMS, _delete, "tax_id"),
]
