-- One row per store that a new or changed customer of the file is at home in.
SELECT DISTINCT home_store FROM customers_incoming WHERE home_store IS NOT NULL AND step <> 'unchanged'
