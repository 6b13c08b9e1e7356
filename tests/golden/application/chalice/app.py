from chalice import Chalice

app = Chalice(app_name="orders")


@app.route("/orders")
def orders() -> dict[str, str]:
    return {}
