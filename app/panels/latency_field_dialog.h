// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/panel_context.h"

#include <QDialog>

class QComboBox;
class QLabel;

namespace weir {

/// Asks what a topic's latency is measured from: the record's timestamp, or a field of its values, offered from a
/// sample or typed.
class LatencyFieldDialog : public QDialog
{
    Q_OBJECT
public:
    struct Asked
    {
        QString connection;
        QString topic;
        QString field; ///< chosen so far; empty: the record's timestamp
    };

    LatencyFieldDialog(const PanelContext& context, const Asked& asked, QWidget* parent);

    /// Empty: the record's timestamp.
    QString field() const;

private:
    void offerFields(const Result<InferredTable>& inferred);

    QComboBox* m_field;
    QLabel* m_note;
};

} // namespace weir
