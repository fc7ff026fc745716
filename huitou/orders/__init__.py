"""What was bought, paid, shipped and returned.

Words: order, line, product, category, purchase day, return, unmatched return, counted order, net,
before-image. Invariants: an order is the sum of its rows; (source, number) names one order; a
return takes back at most what was sold and not yet returned; an order counts when it is paid and
not wholly returned; money is whole minor units."""
