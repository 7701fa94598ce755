// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace weir {

/// The in-app help, from resources/help.
class HelpWindow : public QDialog
{
    Q_OBJECT
public:
    explicit HelpWindow(QWidget* parent);
};

} // namespace weir
