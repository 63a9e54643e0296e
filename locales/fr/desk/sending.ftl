desk-sending-erratum-subject = Rectificatif : { $subject }
