class Hello
  def self.handle(event:, context:)
    { statusCode: 200, body: "hello from Ruby" }
  end
end
