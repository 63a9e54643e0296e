desk-sending-erratum-subject = Berichtigung: { $subject }
