
export default class WhisExtension extends Extension {
    enable() {
        this._whis = new Whis(this.gettext.bind(this));
    }

    disable() {
        this._whis.destroy();
        this._whis = null;
    }
}
