"""Tables of what was bought."""

from django.db import models


class Product(models.Model):
    """What can be bought, by the code the till knows."""

    sku = models.TextField(unique=True)
    name = models.TextField(default="")
    category = models.TextField(default="")
    import_id = models.BigIntegerField(null=True)  # the import that created the row


class Order(models.Model):
    """One transaction. Money is the sum of its rows; what came back is kept beside it."""

    source = models.TextField()
    number = models.TextField()  # the source's order id
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.PROTECT
    )  # null = anonymous sale
    store = models.ForeignKey("staff.Store", on_delete=models.PROTECT)
    channel = models.TextField(default="")
    status = models.TextField()  # pending, paid, cancelled, returned
    ordered_at = models.DateTimeField()
    ordered_on = models.DateField()  # the store's civil day
    paid_at = models.DateTimeField(null=True)
    total_minor = models.BigIntegerField()  # sum of its sale rows (>= 0)
    returned_minor = models.BigIntegerField(default=0)  # what came back of it, >= 0
    unmatched_minor = models.BigIntegerField(
        default=0
    )  # returns of this order's rows that found no sale, >= 0
    cost_minor = models.BigIntegerField(null=True)  # of what was kept; null = not known
    costed_minor = models.BigIntegerField(default=0)  # net sales without tax whose cost is known
    tax_minor = models.BigIntegerField(default=0)
    delivery_minor = models.BigIntegerField(default=0)
    discount_minor = models.BigIntegerField(default=0)
    main_category = models.TextField(default="")  # category of its dearest sale row
    is_counted = models.BooleanField()  # paid, has a sale row, not wholly returned
    digest = models.BinaryField()  # of the rows as imported: equal digests need no write
    import_id = models.BigIntegerField()  # the last import that wrote it
    created_import_id = models.BigIntegerField()  # the import that created it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number"], name="one_order_per_source_number"
            ),
            models.CheckConstraint(
                name="order_status_known",
                condition=models.Q(status__in=["pending", "paid", "cancelled", "returned"]),
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-ordered_at"], name="order_of_customer"),
            models.Index(fields=["ordered_on"], name="order_by_day"),
            models.Index(fields=["import_id"], name="order_by_import"),
        ]


class OrderLine(models.Model):
    """One row of an order as it came; a return row has a negative amount or quantity.

    Its order and product are guarded by a trigger, not by foreign keys: an import joins millions of
    rows to both itself, and a look-up for each would take longer than the writing."""

    pk = models.CompositePrimaryKey("order_id", "position")
    order = models.ForeignKey(
        Order, on_delete=models.DO_NOTHING, db_index=False, db_constraint=False
    )
    position = models.IntegerField()
    product = models.ForeignKey(
        Product, null=True, on_delete=models.DO_NOTHING, db_index=False, db_constraint=False
    )
    description = models.TextField(default="")  # "" = as the product is called
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit_price = models.DecimalField(max_digits=20, decimal_places=8, null=True)
    amount_minor = models.BigIntegerField()
    unit_cost = models.DecimalField(max_digits=20, decimal_places=8, null=True)
    discount_minor = models.BigIntegerField(default=0, db_default=0)
    tax_minor = models.BigIntegerField(default=0, db_default=0)
    delivery_minor = models.BigIntegerField(default=0, db_default=0)
    refund_of = models.TextField(
        default="", db_default=""
    )  # number of the order a return names, same source
    is_returned = models.BooleanField(
        default=False
    )  # a sale row whose status says it came back whole

    class Meta:
        indexes = [
            models.Index(
                fields=["order"],
                name="line_return",
                condition=models.Q(quantity__lt=0) | models.Q(amount_minor__lt=0),
            ),
            models.Index(
                fields=["refund_of"], name="line_refund_of", condition=~models.Q(refund_of="")
            ),
        ]


class ReturnMatch(models.Model):
    """How much of a return row was taken back from which sale row."""

    return_order_id = models.BigIntegerField()
    return_position = models.IntegerField()
    sale_order_id = models.BigIntegerField()
    sale_position = models.IntegerField()
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    amount_minor = models.BigIntegerField()  # >= 0

    class Meta:
        indexes = [
            models.Index(fields=["return_order_id"], name="match_by_return"),
            models.Index(fields=["sale_order_id"], name="match_by_sale"),
        ]


class OrderBeforeImage(models.Model):
    """An order with its rows as it was before an import changed it. Created orders need none."""

    import_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    image = models.JSONField()  # {"order": {...}, "lines": [...]}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["import_id", "order_id"], name="one_image_per_order_import"
            )
        ]


class MonthChange(models.Model):
    """A civil month in which orders were written, in commit order: what the analytical files must
    read again."""

    month_on = models.DateField()  # first day of the month of ordered_on
    import_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
