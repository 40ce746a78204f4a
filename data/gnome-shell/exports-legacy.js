
class Extension {
    enable() {
        this._whis = new Whis(ExtensionUtils.gettext);
    }

    disable() {
        this._whis.destroy();
        this._whis = null;
    }
}

function init() {
    ExtensionUtils.initTranslations('@GETTEXT_DOMAIN@');
    return new Extension();
}
